/* See targets.h. A line may change what a call has returned, or bind a variable anew when it has changed what that led to: nothing that
 * it loads leads there then. Its instructions are followed from one to the next; where it is not certain, the answer is no. */
#include "targets.h"

#include "compat.h"
#include "opcodes.h"

enum { STRANGE = -1 };

/* ---- the stack ---- */

static int top(const struct scope_targets *t, int below)
{
    return below < t->depth ? t->stack[t->depth - 1 - below] : STRANGE;
}

static void pop(struct scope_targets *t, int count) { t->depth = t->depth > count ? t->depth - count : 0; }

static void push(struct scope_targets *t, int slot)
{
    if (t->depth == SCOPE_TARGETS_STACK) {
        t->lost = true;
        return;
    }
    t->stack[t->depth++] = (int16_t)slot;
}

static void replace(struct scope_targets *t, int pops, int pushes, int slot)
{
    for (pop(t, pops); pushes > 0; pushes--) {
        push(t, slot);
    }
}

static int effect_with(const struct scope_step *step, int jump)
{
    int effect = PyCompile_OpcodeStackEffectWithJump(step->opcode, (int)step->argument, jump);
    return effect == PY_INVALID_STACK_EFFECT ? -SCOPE_TARGETS_STACK : effect;
}

static int stack_effect(const struct scope_step *step) { return effect_with(step, 0); }

static void swap(struct scope_targets *t, int place)
{
    if (place > t->depth) {
        t->depth = 0;
        return;
    }
    int16_t *own = &t->stack[t->depth - 1], *other = &t->stack[t->depth - place], kept = *own;
    *own = *other;
    *other = kept;
}

/* ---- what is changed, and what is stored ---- */

static void add(struct scope_targets *t, int16_t *list, int *count, int slot)
{
    if (*count == SCOPE_TARGETS_LIST) {
        t->lost = true;
        return;
    }
    list[(*count)++] = (int16_t)slot;
}

static void note_change(struct scope_targets *t, int slot, bool stored_back)
{
    t->lost = t->lost || slot == STRANGE;
    add(t, t->changed, &t->changed_count, stored_back ? ~slot : slot);
}

void scope_targets_store(struct scope_targets *targets, int slot)
{
    if (slot >= 0) {
        add(targets, targets->stored, &targets->stored_count, slot);
    }
}

/* ---- jumps ---- */

/* Control may come here from instructions before. What is below the top of the stack is the same by all ways. */
static void join(struct scope_targets *t, int unit)
{
    for (int i = 0; i < t->jump_count; i++) {
        if (t->jumps[i].unit != unit) {
            continue;
        }
        bool same = !t->goes_on || (t->depth == t->jumps[i].depth && top(t, 0) == t->jumps[i].top);
        t->depth = t->jumps[i].depth;
        if (t->depth > 0) {
            t->stack[t->depth - 1] = (int16_t)(same ? t->jumps[i].top : STRANGE);
        }
        t->goes_on = true;
    }
    if (!t->goes_on) { /* a handler of exceptions */
        t->depth = 0;
        t->goes_on = true;
    }
}

static void note_jump(struct scope_targets *t, const struct scope_step *step)
{
    enum scope_way way = scope_way_of(step->opcode);
    t->goes_on = way == SCOPE_GOES_ON || way == SCOPE_MAY_JUMP || way == SCOPE_MAY_JUMP_BACK;
    if (way != SCOPE_MAY_JUMP && way != SCOPE_JUMPS) {
        return;
    }
    if (t->jump_count == SCOPE_TARGETS_JUMPS) {
        t->lost = true;
        return;
    }
    int depth = t->depth + effect_with(step, 1) - stack_effect(step);
    depth = depth < 0 ? 0 : depth < SCOPE_TARGETS_STACK ? depth : SCOPE_TARGETS_STACK;
    t->jumps[t->jump_count].unit = step->next + (int)step->argument;
    t->jumps[t->jump_count].top = depth > 0 && depth <= t->depth ? t->stack[depth - 1] : STRANGE;
    t->jumps[t->jump_count++].depth = depth;
}

/* ---- instructions ---- */

/* How deep on the stack the object is that an instruction changes or takes a part of. */
static int depth_of_owner(unsigned char opcode)
{
    switch (opcode) {
#if PY_VERSION_HEX >= 0x030E0000
    case BINARY_OP:
#else
    case BINARY_SUBSCR:
#endif
    case STORE_SUBSCR:
    case DELETE_SUBSCR:
        return 1;
#if PY_VERSION_HEX >= 0x030C0000
    case BINARY_SLICE:
    case STORE_SLICE:
        return 2;
#endif
    default:
        return 0;
    }
}

static void load(struct scope_targets *t, const struct scope_step *step, uint16_t effects)
{
    if (effects & SCOPE_STORES) {
        replace(t, effects & SCOPE_PAIR ? 1 : 0, 1, effects & SCOPE_PAIR ? step->loaded[0] : STRANGE);
    } else if (effects & SCOPE_PAIR) {
        push(t, step->loaded[0]);
        push(t, step->loaded[1]);
    } else {
        int effect = stack_effect(step), pops = effect == 0 ? 1 : 0; /* a class body's names are looked up in a dictionary on the stack */
        replace(t, pops, effect + pops, step->loaded[0]);
    }
}

static bool only_pops(const struct scope_step *step)
{
    bool jumps = scope_way_of(step->opcode) != SCOPE_GOES_ON && stack_effect(step) < 0;
    return jumps || step->opcode == POP_TOP || step->opcode == NOP || step->opcode == RESUME;
}

static void run(struct scope_targets *t, const struct scope_step *step)
{
    unsigned char opcode = step->opcode;
    uint16_t effects = scope_effect_of(opcode, step->argument);
    int owner = depth_of_owner(opcode);
    if (opcode == COPY) {
        push(t, top(t, (int)step->argument - 1));
    } else if (opcode == SWAP) {
        swap(t, (int)step->argument);
    } else if (effects & SCOPE_LOADS) {
        load(t, step, effects);
    } else if (effects & SCOPE_STORES || only_pops(step)) {
        pop(t, -stack_effect(step));
    } else if (effects & SCOPE_CHANGES) {
        note_change(t, top(t, owner), false);
        pop(t, -stack_effect(step));
    } else if (scope_is_in_place(opcode, step->argument)) {
        int slot = top(t, 1);
        note_change(t, slot, true);
        replace(t, 2, 1, slot);
    } else if (effects & SCOPE_REACHES && !(effects & SCOPE_HANDS_OVER) && opcode != UNPACK_SEQUENCE) {
        int slot = top(t, owner);
        replace(t, owner + 1, stack_effect(step) + owner + 1, slot);
    } else {
        int effect = stack_effect(step);
        bool only_pushes = effect == 1 && (effects & SCOPE_MOVES || (step->argument == 0 && (opcode == BUILD_MAP || opcode == BUILD_SET)));
        int pops = only_pushes ? 0 : effect < 0 ? 1 - effect : 1;
        replace(t, pops, effect + pops, STRANGE);
    }
}

void scope_targets_step(struct scope_targets *targets, const struct scope_step *step)
{
    join(targets, step->unit);
    scope_targets_store(targets, step->stored[0]);
    scope_targets_store(targets, step->stored[1]);
#if PY_VERSION_HEX < 0x030D0000
    if (step->opcode == KW_NAMES) {
        return;
    }
#endif
    run(targets, step);
    note_jump(targets, step);
}

/* ---- a line ---- */

void scope_targets_begin(struct scope_targets *targets)
{
    targets->depth = targets->jump_count = targets->changed_count = targets->stored_count = 0;
    targets->lost = false;
    targets->goes_on = true;
}

void scope_targets_skip(struct scope_targets *targets)
{
    targets->depth = targets->jump_count = 0;
    targets->goes_on = true;
}

bool scope_targets_are_found(const struct scope_targets *targets)
{
    for (int i = 0; i < targets->changed_count; i++) {
        int slot = targets->changed[i], times = slot < 0 ? -1 : 0;
        slot = slot < 0 ? ~slot : slot;
        for (int j = 0; j < targets->stored_count; j++) {
            times += targets->stored[j] == slot;
        }
        if (times > 0) {
            return false;
        }
    }
    return !targets->lost;
}
