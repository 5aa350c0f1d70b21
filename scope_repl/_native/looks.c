/* See looks.h. */
#include "looks.h"

#include "effects.h"
#include "locals.h"
#include "versions.h"

/* Whether a frame that is entered was called by one at level lines, by an instruction that calls nothing but it. Anything else that lies
 * between, such as a property, a library or C code, may have changed objects before, and may do so again. */
static bool is_called_directly(const struct scope_thread *thread, struct _PyInterpreterFrame *frame)
{
    const struct scope_shadow *caller = thread->shadow;
    struct _PyInterpreterFrame *below = scope_frame_caller(frame);
    if (caller == NULL || below == NULL || caller->frame != below) {
        return false;
    }
    int unit = scope_frame_offset(below);
    return unit >= 0 && unit < caller->lines->units && caller->lines->direct[unit];
}

void scope_doubt_on_entry(struct scope_thread *thread, const struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    if (entry->level < SCOPE_LEVEL_LINES || !scope_in_scope(entry) || !is_called_directly(thread, frame)) {
        scope_doubt++;
    }
}

void scope_look_at_self(struct scope_thread *thread, const struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    PyObject *self = entry->has_self && frame != NULL ? scope_frame_argument(frame, 0) : NULL;
    if (self != NULL && scope_holds_object(self) && !(entry->secrets & 1)) {
        struct scope_look look;
        scope_look_begin(&look, thread, 0, true);
        scope_look_add_alone(&look, self, true);
        scope_look_run(&look);
    }
}

void scope_look_at_arguments(struct scope_thread *thread, const struct scope_code *entry, struct _PyInterpreterFrame *frame)
{
    if (entry->level < SCOPE_LEVEL_LINES) {
        scope_look_at_self(thread, entry, frame);
        return;
    }
    struct scope_look look;
    const struct scope_shadow *caller = thread->shadow;
    bool from_lines = caller != NULL && caller->frame == scope_frame_caller(frame);
    bool doubt = !SCOPE_HAS_MONITORING || !from_lines || caller->doubt != scope_doubt;
    scope_look_begin(&look, thread, from_lines ? (uint32_t)caller->lines->lines[caller->line].number : 0, doubt);
    for (int i = 0; i < entry->arguments; i++) {
        PyObject *value = scope_frame_argument(frame, i);
        bool secret = i < 64 && (entry->secrets >> i & 1);
        if (value != NULL && !secret && scope_holds_object(value)) {
            scope_look_add(&look, value, i == 0 && entry->is_init); /* which has just been made, perhaps where another one was */
        }
    }
    if (look.count > 0) {
        scope_look_run(&look);
    }
}

void scope_look_at_changed(struct scope_thread *thread, PyObject *object, uint32_t line)
{
    struct scope_look look;
    scope_look_begin(&look, thread, line, false);
    scope_look_add(&look, object, true);
    scope_look_run(&look);
    scope_doubt += look.shared;
}

uint32_t scope_running_line(const struct scope_thread *thread)
{
    const struct scope_shadow *shadow = thread->shadow;
    return shadow != NULL ? (uint32_t)shadow->lines->lines[shadow->line].number : 0;
}
