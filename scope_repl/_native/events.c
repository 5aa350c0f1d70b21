/* What each kind of event carries, and how it gets into the chunk. */
#include "events.h"

#include <string.h>

#include "delegation.h"
#include "effects.h"
#include "encode_parts.h"
#include "locals.h"
#include "looks.h"
#include "versions.h"
#include "watch.h"

/* ---- records ---- */

void scope_write_bare(struct scope_thread *thread, enum scope_kind kind, uint64_t head)
{
    uint64_t now = scope_ticks();
    uint64_t *at = scope_reserve(thread, 1, now);
    if (at != NULL) {
        at[0] = (uint64_t)kind << SCOPE_KIND_SHIFT | head | (now - thread->base);
        thread->cursor = at + 1;
    }
}

static void write_aux(struct scope_thread *thread, enum scope_kind kind, uint64_t head, uint64_t aux)
{
    uint64_t now = scope_ticks();
    uint64_t *at = scope_reserve(thread, 2, now);
    if (at != NULL) {
        at[0] = (uint64_t)kind << SCOPE_KIND_SHIFT | SCOPE_PAYLOAD_BIT | head | (now - thread->base);
        at[1] = scope_payload(aux, 0);
        thread->cursor = at + 2;
        thread->payload_words += 1;
    }
}

void scope_finish_record(struct scope_thread *thread, uint64_t *at, uint64_t aux, uint32_t bytes)
{
    uint32_t words = 2 + scope_padded(bytes) / 8;
    memset((uint8_t *)(at + 2) + bytes, 0, scope_padded(bytes) - bytes);
    at[1] = scope_payload(aux, bytes);
    thread->cursor = at + words;
    thread->payload_words += words - 1;
}

/* What to write behind a record: a value, or the arguments of a frame. */
struct content {
    PyObject *value; /* borrowed */
    bool secret;
    bool references;
    const struct scope_code *code; /* not NULL: the arguments of `frame` instead of `value` */
    struct _PyInterpreterFrame *frame;
};

/* The arguments as a MessagePack array (MessagePack specification, "array format family"), each cut so that the later ones still
 * get a mark. 0: no room. */
static Py_ssize_t encode_arguments(unsigned char *out, Py_ssize_t room, const struct content *content)
{
    enum { HEADER_MAX = 3, LEAST = 3, COUNT_MAX = (SCOPE_PAYLOAD_MAX - HEADER_MAX) / LEAST };
    int count = content->code->arguments;
    count = count < COUNT_MAX ? count : COUNT_MAX; /* the names of the rest have no value */
    if (room < HEADER_MAX) {
        return 0;
    }
    Py_ssize_t used = count < 16 ? 1 : HEADER_MAX;
    if (used == 1) {
        out[0] = (unsigned char)(0x90 | count);
    } else {
        out[0] = 0xdc;
        out[1] = (unsigned char)(count >> 8);
        out[2] = (unsigned char)count;
    }
    for (int i = 0; i < count; i++) {
        PyObject *value = scope_frame_argument(content->frame, i);
        value = value != NULL ? value : Py_None; /* an argument of a frame that is just entered is always there */
        Py_ssize_t limit = SCOPE_PAYLOAD_MAX - used - LEAST * (Py_ssize_t)(count - 1 - i);
        int secret = i < 64 && (content->code->secrets >> i & 1);
        struct scope_writer w = {.p = out + used, .end = out + used + limit, .wall = out + room};
        w.references = content->references || (i == 0 && content->code->has_self);
        Py_ssize_t bytes = scope_encode_into(&w, value, secret);
        if (bytes == 0) {
            return 0;
        }
        used += bytes;
    }
    return used;
}

static Py_ssize_t encode(unsigned char *out, Py_ssize_t room, const struct content *content)
{
    if (content->code != NULL) {
        return encode_arguments(out, room, content);
    }
    struct scope_writer w = {.p = out, .end = out + SCOPE_PAYLOAD_MAX, .wall = out + room, .references = content->references};
    return scope_encode_into(&w, content->value, content->secret);
}

/* Encodes straight into the chunk; where the rest of it is too small, into the next one. */
static void write_content(struct scope_thread *thread, enum scope_kind kind, uint64_t head, uint64_t aux,
                          const struct content *content)
{
    uint64_t now = scope_ticks();
    uint64_t *at = scope_reserve(thread, 3, now);
    if (at == NULL) {
        return;
    }
    Py_ssize_t room = (thread->limit - at - 2) * 8;
    Py_ssize_t bytes = encode((unsigned char *)(at + 2), room < SCOPE_PAYLOAD_MAX ? room : SCOPE_PAYLOAD_MAX, content);
    if (bytes == 0) {
        if (!scope_next_chunk(thread, now)) {
            return;
        }
        at = thread->cursor;
        bytes = encode((unsigned char *)(at + 2), SCOPE_PAYLOAD_MAX, content);
    }
    at[0] = (uint64_t)kind << SCOPE_KIND_SHIFT | SCOPE_PAYLOAD_BIT | head | (now - thread->base);
    scope_finish_record(thread, at, aux, (uint32_t)bytes);
}

static void write_value(struct scope_thread *thread, const struct scope_code *code, enum scope_kind kind, uint64_t aux, PyObject *value,
                        bool secret)
{
    bool references = code->level >= SCOPE_LEVEL_LINES;
    write_content(thread, kind, code->head, aux, &(struct content){.value = value, .secret = secret, .references = references});
}

/* ---- events ---- */

/* The instruction of the calling frame, plus one; 0 when the caller is out of scope or not a Python frame. */
static uint64_t call_site(struct _PyInterpreterFrame *frame)
{
    struct _PyInterpreterFrame *caller = scope_frame_caller(frame);
    PyCodeObject *code = caller ? scope_frame_code(caller) : NULL;
    if (code == NULL || !scope_in_scope(scope_code_of(code))) {
        return 0;
    }
    int offset = scope_frame_offset(caller);
    return offset < 0 ? 0 : (uint64_t)offset + 1;
}

/* Whether an opaque call comes from a frame at level values or above: then its record tells from where. */
static bool called_at_values(struct _PyInterpreterFrame *frame)
{
    struct _PyInterpreterFrame *caller = scope_frame_caller(frame);
    PyCodeObject *code = caller ? scope_frame_code(caller) : NULL;
    const struct scope_code *entry = code ? scope_code_of(code) : NULL;
    return entry != NULL && entry->level >= SCOPE_LEVEL_VALUES;
}

/* An exception on its way outwards: RAISE events that follow the unwinding of a recorded frame only repeat it. Records in between
 * that belong to the same way (a C function or an opaque call left by it, a throw into the next frame) carry the mark on. */
static inline bool is_marked(const struct scope_thread *thread)
{
    return thread->unwound != NULL && thread->unwound_cursor == thread->cursor;
}

static inline uint64_t address_of(struct _PyInterpreterFrame *frame) { return (uint64_t)(uintptr_t)frame & SCOPE_AUX_MAX; }

void scope_write_enter(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame)
{
    if (thread->depth++ >= scope_recorder.max_depth) {
        return;
    }
    bool suspends = code->flags & SCOPE_FLAG_SUSPENDS;
    scope_doubt_on_entry(thread, code, frame);
    if (kind != SCOPE_CALL) {
        bool marked = kind == SCOPE_THROW && is_marked(thread);
        write_aux(thread, kind, code->head, address_of(frame));
        thread->unwound_cursor = marked ? thread->cursor : thread->unwound_cursor;
    } else if (code->level >= SCOPE_LEVEL_VALUES && code->mode >= SCOPE_RECORDED) {
        uint64_t aux = suspends ? address_of(frame) : call_site(frame);
        bool lines = code->level >= SCOPE_LEVEL_LINES;
        if (lines || code->has_self) {
            scope_look_at_arguments(thread, code, frame);
        }
        if (UNLIKELY(scope_has_watched)) {
            scope_watch_look_from(thread, scope_frame_caller(frame));
        }
        write_content(thread, kind, code->head, aux, &(struct content){.code = code, .frame = frame, .references = lines});
    } else if (suspends) {
        write_aux(thread, kind, code->head, address_of(frame));
    } else if (code->mode == SCOPE_OPAQUE && called_at_values(frame)) {
        write_aux(thread, kind, code->head, call_site(frame));
    } else if (!scope_write_short(thread, kind, code->head)) {
        scope_write_bare(thread, kind, code->head);
    }
    if (code->level >= SCOPE_LEVEL_LINES && scope_in_scope(code)) {
        scope_locals_enter(thread, code, frame, kind == SCOPE_CALL);
    }
}

void scope_record_enter(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame)
{
    if (kind != SCOPE_CALL) {
        if (scope_delegation_enter(thread, frame)) {
            return;
        }
    } else if (UNLIKELY(thread->delegating_count > 0)) {
        scope_delegation_forget(thread, frame);
    }
    scope_write_enter(thread, code, kind, frame);
}

/* Whether the span that is left was recorded: with a limit of depth, only those above it were. */
static inline bool leave_depth(struct scope_thread *thread)
{
    uint32_t depth = thread->depth;
    thread->depth = depth > 0 ? depth - 1 : 0;
    return depth <= scope_recorder.max_depth;
}

/* What has to be written in front of the record that ends or suspends a call. `value`: NULL for an exception. */
static inline void settle_frame(struct scope_thread *thread, struct scope_code *code, struct _PyInterpreterFrame *frame,
                                PyObject *value, bool suspended)
{
    if (code->level < SCOPE_LEVEL_LINES || !scope_in_scope(code)) {
        scope_doubt++;
    }
    if (code->level < SCOPE_LEVEL_VALUES || !scope_in_scope(code)) {
        return;
    }
    if (code->level >= SCOPE_LEVEL_LINES) {
        scope_locals_leave(thread, code, frame, value, suspended);
    } else {
        if (code->has_self) {
            scope_look_at_self(thread, code, frame);
        }
        if (UNLIKELY(scope_has_watched)) {
            scope_watch_look(thread, 0);
        }
    }
}

void scope_write_leave(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame,
                       PyObject *value)
{
    if (thread->depth <= scope_recorder.max_depth) {
        settle_frame(thread, code, frame, value, kind == SCOPE_YIELD);
    }
    if (!leave_depth(thread)) {
        return;
    }
    if (code->level >= SCOPE_LEVEL_VALUES && code->mode >= SCOPE_RECORDED) {
        write_value(thread, code, kind, 0, value, code->secret);
    } else if (!scope_write_short(thread, kind, code->head)) {
        scope_write_bare(thread, kind, code->head);
    }
}

void scope_record_leave(struct scope_thread *thread, struct scope_code *code, enum scope_kind kind, struct _PyInterpreterFrame *frame,
                        PyObject *value)
{
    scope_write_leave(thread, code, kind, frame, value);
    if (UNLIKELY(thread->delegating_count > 0) && kind == SCOPE_YIELD) {
        scope_delegation_yield(thread, frame, value);
    }
}

void scope_record_unwind(struct scope_thread *thread, struct scope_code *code, struct _PyInterpreterFrame *frame, PyTypeObject *type,
                         PyObject *exception)
{
    bool marked = scope_in_scope(code) || (is_marked(thread) && thread->unwound == exception);
    if (thread->depth <= scope_recorder.max_depth) {
        settle_frame(thread, code, frame, NULL, false);
    }
    if (!leave_depth(thread)) {
        return;
    }
    write_aux(thread, SCOPE_UNWIND, code->head, type ? scope_intern_type(type) : 0);
    if (marked) {
        thread->unwound = exception;
        thread->unwound_type = type;
        thread->unwound_whole = exception != NULL && PyExceptionInstance_Check(exception);
        thread->unwound_cursor = thread->cursor;
    }
}

static uint64_t exception_aux(int offset, PyTypeObject *type)
{
    return (type ? scope_intern_type(type) : 0) | (uint64_t)(offset + 1) << SCOPE_ID_BITS;
}

/* The message: the first argument, if it is a plain str; else None. Borrowed. On 3.11 an exception that C code has raised is, until
 * someone handles it, not an instance but what it will be made from: its only argument, or a tuple of them. */
static PyObject *message_of(PyObject *exception)
{
    PyObject *args = exception;
    if (exception != NULL && PyExceptionInstance_Check(exception)) {
        args = ((PyBaseExceptionObject *)exception)->args;
    }
    if (args != NULL && PyTuple_CheckExact(args)) {
        args = PyTuple_GET_SIZE(args) > 0 ? PyTuple_GET_ITEM(args, 0) : NULL;
    }
    return args != NULL && PyUnicode_CheckExact(args) ? args : Py_None;
}

void scope_record_raise(struct scope_thread *thread, struct scope_code *code, int offset, PyTypeObject *type, PyObject *exception,
                        bool propagates)
{
    /* The traceback is asked too, because another exception may have the address of one that is gone. */
    bool same = thread->unwound == exception || (!thread->unwound_whole && thread->unwound_type == type);
    if ((propagates && same && is_marked(thread)) || thread->depth > scope_recorder.max_depth) {
        return;
    }
    uint64_t aux = exception_aux(offset, type);
    if (code->level >= SCOPE_LEVEL_VALUES) {
        write_value(thread, code, SCOPE_RAISE, aux, message_of(exception), false);
    } else {
        write_aux(thread, SCOPE_RAISE, code->head, aux);
    }
}

void scope_record_handled(struct scope_thread *thread, struct scope_code *code, int offset, PyTypeObject *type)
{
    if (thread->depth <= scope_recorder.max_depth) {
        write_aux(thread, SCOPE_HANDLED, code->head, exception_aux(offset, type));
    }
}

/* ---- C calls ---- */

void scope_note_call(const struct scope_code *caller, PyObject *callable, PyObject *first)
{
    PyObject *self;
    if (caller->level >= SCOPE_LEVEL_LINES) {
        enum scope_call_effect effect = scope_call_effect(callable, first, &self);
        bool unseen = effect == SCOPE_CALL_CHANGES_SELF && !scope_recorder.c_calls; /* nobody tells when it is over */
        scope_doubt += effect == SCOPE_CALL_DOES_ANYTHING || unseen;
    }
}

void scope_look_after_call(struct scope_thread *thread, const struct scope_code *caller, PyObject *callable, PyObject *first)
{
    PyObject *self;
    if (caller->level >= SCOPE_LEVEL_LINES) {
        enum scope_call_effect effect = scope_call_effect(callable, first, &self);
        if (effect == SCOPE_CALL_CHANGES_SELF && scope_is_reference(self)) {
            scope_doubt += PyDict_Check(self) && !scope_version_is_known((uintptr_t)self); /* it may be an instance's own */
            scope_look_at_changed(thread, self, scope_running_line(thread));
        }
        scope_doubt += effect == SCOPE_CALL_DOES_ANYTHING;
    }
}

void scope_record_c_call(struct scope_thread *thread, const struct scope_code *caller, PyObject *callable, int offset)
{
    if (thread->depth++ >= scope_recorder.max_depth) {
        return;
    }
    struct scope_code *code = scope_intern_callable(callable);
    if (code == NULL) {
        return;
    }
    code->used = true;
    if (caller->level >= SCOPE_LEVEL_VALUES) {
        write_aux(thread, SCOPE_C_CALL, code->head, (uint64_t)offset + 1);
    } else if (!scope_write_short(thread, SCOPE_C_CALL, code->head)) {
        scope_write_bare(thread, SCOPE_C_CALL, code->head);
    }
    thread->c_callable = callable;
    thread->c_head = code->head;
    thread->c_cursor = thread->cursor;
}

/* The head for the end of a C call. Mostly nothing was written since its beginning, and it need not be looked up again. 0: none. */
static uint64_t c_head(const struct scope_thread *thread, PyObject *callable)
{
    if (LIKELY(thread->c_callable == callable && thread->c_cursor == thread->cursor)) {
        return thread->c_head;
    }
    const struct scope_code *code = scope_intern_callable(callable);
    return code != NULL ? code->head : 0;
}

void scope_record_c_leave(struct scope_thread *thread, enum scope_kind kind, PyObject *callable)
{
    if (!leave_depth(thread)) {
        return;
    }
    uint64_t head = c_head(thread, callable);
    bool marked = kind == SCOPE_C_RAISE && is_marked(thread);
    if (head != 0 && !scope_write_short(thread, kind, head)) {
        scope_write_bare(thread, kind, head);
    }
    if (UNLIKELY(marked)) {
        thread->unwound_cursor = thread->cursor;
    }
}

void scope_record_open(struct scope_thread *thread, struct scope_code *code, struct _PyInterpreterFrame *frame)
{
    uint64_t address = code->flags & SCOPE_FLAG_SUSPENDS ? address_of(frame) : 0;
    if (thread->depth++ < scope_recorder.max_depth) {
        scope_fold_push(thread, (struct scope_open_span){.id = code->id, .frame = address});
    }
}

void scope_record_thread_start(struct scope_thread *thread)
{
    thread->start = scope_ticks();
    scope_write_bare(thread, SCOPE_THREAD_START, 0);
}

void scope_record_thread_end(struct scope_thread *thread)
{
    thread->end = scope_ticks();
    scope_write_bare(thread, SCOPE_THREAD_END, 0);
    scope_finish_chunk(thread);
}
