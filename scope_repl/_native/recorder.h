/* The recorder's state: one a process, changed only with the GIL held. And each thread's place to write to. */
#ifndef SCOPE_RECORDER_H
#define SCOPE_RECORDER_H

#include <stdatomic.h>

#include "clock.h"
#include "compat.h"
#include "event.h"
#include "intern.h"

/* A span that was begun before the horizon and not ended by it: what the keyframe has to tell. */
struct scope_open_span {
    uint32_t id;
    uint32_t bytes;     /* of `arguments` */
    uint64_t frame;     /* a generator's frame address; 0 for a plain function */
    uint64_t start;     /* ticks; 0 if not known */
    uint8_t *arguments; /* owned (malloc), or NULL */
    struct scope_kept *kept; /* owned, or NULL: its locals */
};

/* Where one OS thread writes. Made at its first event, freed some time after the thread has gone; only its own thread and the
 * holder of the GIL touch it. The three fields on the short path come first. */
struct scope_thread {
    uint64_t *cursor; /* the next word to write */
    uint64_t *limit;  /* behind the last word of the chunk; equal to cursor (both NULL) when there is no chunk */
    uint64_t base;    /* ticks: what deltas count from */

    uint64_t generation;    /* the recording that all below belongs to */
    uint32_t index;         /* its number in that recording: its track */
    bool muted;             /* left out: one of Jupyter's own */
    bool full;              /* drop-newest: no chunk was to be had; what follows is counted and dropped */
    uint32_t depth;         /* spans that are open, recorded or too deep; exact only when there is a limit of depth */
    int32_t chunk;          /* the chunk it writes to, or -1 */
    int32_t oldest, newest; /* the ends of its list of chunks that are not dropped yet; oldest is -1 when it is empty */
    uint64_t written;       /* events stored in chunks that are closed */
    uint64_t payload_words; /* words of the current chunk that do not begin an event */
    uint64_t folded;        /* events that were dropped with the chunks they stood in, or folded away in front of the horizon */
    uint64_t refused;       /* events that were dropped for want of a chunk */
    uint64_t end_known;     /* ticks: when the first event was refused; 0 while everything is known */
    uint64_t start, end;    /* ticks; 0 if not seen */
    unsigned long ident, native_id;
    PyObject *name; /* owned str, or NULL */

    struct scope_open_span *stack; /* the fold: spans open at the horizon, outermost first */
    uint32_t stack_size, stack_room;

    const void *unwound;            /* the exception that the last written event carried out of a frame; only compared */
    PyTypeObject *unwound_type;     /* its type; only compared, and asked for its name while the exception is still there */
    bool unwound_whole;             /* it is an instance; on 3.11 it may be only what one is going to be made from */
    const uint64_t *unwound_cursor; /* where `cursor` was right behind that event */

    struct scope_shadow *shadow; /* owned: those of the frames at level lines that run, innermost first */

    struct _PyInterpreterFrame **delegating; /* owned (malloc): frames whose THROW is written and which wait for the one above, outermost
                                              * first; only compared */
    uint32_t delegating_count, delegating_room;

    const void *c_callable;  /* the callable of the last C_CALL written; only compared */
    uint64_t c_head;         /* its entry's head */
    const uint64_t *c_cursor; /* where `cursor` was right behind that event */

#if !SCOPE_HAS_MONITORING
    struct _PyInterpreterFrame *frame; /* the innermost frame that the frame-evaluation hook runs traced or profiled */
    struct _PyInterpreterFrame *lined; /* the frame that is evaluated, if its lines are recorded; only asked whether it is NULL */
    bool missed_lines;                 /* another tool held sys.settrace where lines are recorded: it is noted */
    struct _PyInterpreterFrame *landed; /* a frame in scope that the last unwind landed in, until its next event */
    char *stack_limit;                  /* below this address the C stack is nearly used up */
#endif

    atomic_bool dead; /* set by the OS thread's end, without the GIL */
    struct scope_thread *next;
};

/* One rule of the filters: the first whose glob matches a code object's module or file decides its level. */
struct scope_rule {
    uint8_t level;
    bool by_module;
    char *glob; /* owned */
};

struct scope_recorder {
    bool running;
    uint64_t generation; /* goes up by one at each start and each stop, so that what belongs to a recording can be told */

    /* options */
    bool drop_newest, c_calls;
    bool may_be_opaque; /* some code may be out of scope without being hidden */
    uint32_t max_depth; /* UINT32_MAX: no limit */
    uint8_t default_level;
    struct scope_rule *rules;
    size_t rule_count;
    unsigned long *muted; /* idents */
    size_t muted_count;
    PyObject *active_threads; /* owned: threading's dict of ident to Thread, only read */

    /* the pool */
    uint8_t *pool;
    uint32_t chunk_count, chunks_used; /* chunks from chunks_used on were never taken */
    int32_t *next;                     /* for each chunk its thread's next one, or -1 */
    int32_t *closed;                   /* ring buffer of chunks that are full, in the order in which they were closed */
    uint32_t closed_first, closed_count;
    uint64_t sequence;

    /* time */
    uint64_t start, horizon; /* ticks */
    int64_t wall_ns;

    uint64_t compared; /* how many times an object was compared with its last version */

    /* the threads of this recording by index */
    struct scope_thread **threads;
    uint32_t thread_count, thread_room;

    PyObject *notes; /* owned list of str: what could not be recorded, and why */
};

extern struct scope_recorder scope_recorder;

/* Adds a line to the recording's notes. -1 with an exception when there is no memory. */
int scope_note(const char *format, ...);
extern struct scope_thread scope_nobody; /* has no room to write; stands for "not attached yet" */
extern __thread struct scope_thread *scope_this_thread __attribute__((tls_model("initial-exec")));

/* threads.c */
int scope_threads_init(void);
/* The calling thread's place to write to, attached to the running recording; NULL when it is muted or there is no memory.
 * `thread` (borrowed, may be NULL) is its threading.Thread where the caller knows it. */
struct scope_thread *scope_thread_attach(PyObject *thread);
/* A place for a thread that was running at the start. */
struct scope_thread *scope_thread_of(PyThreadState *tstate);
/* Frees what threads hold for the recording, and the places of threads that have gone. */
void scope_threads_release(void);

static inline struct scope_thread *scope_thread_here(void)
{
    struct scope_thread *thread = scope_this_thread;
    if (UNLIKELY(thread->generation != scope_recorder.generation)) {
        return scope_thread_attach(NULL);
    }
    return thread->muted ? NULL : thread;
}

/* judge.c */
/* Decides the mode of a code object for the running recording. `globals` (borrowed) are those of a frame that runs it. */
void scope_judge(struct scope_code *entry, PyObject *globals);
static inline bool scope_in_scope(const struct scope_code *entry) { return entry != NULL && entry->mode >= SCOPE_RECORDED; }

/* ring.c */
int scope_pool_open(size_t bytes);
/* Closes all chunks; the pool's memory passes to the caller (`*bytes` of it; munmap it), the rest is freed. */
uint8_t *scope_pool_close(size_t *bytes);
/* Room for `words` words in the thread's chunk for an event at `now` (ticks), taking a new chunk if needed; NULL, and the event
 * counted, when there is none. Deltas count from thread->base as it is afterwards. */
uint64_t *scope_reserve(struct scope_thread *thread, size_t words, uint64_t now);
/* A fresh chunk with all its room; false, and the event counted, when there is none. */
bool scope_next_chunk(struct scope_thread *thread, uint64_t now);
/* Closes the thread's chunk before it is full: the thread is over. */
void scope_finish_chunk(struct scope_thread *thread);
static inline struct scope_chunk *scope_chunk_at(int32_t i)
{
    return (struct scope_chunk *)(scope_recorder.pool + (size_t)i * SCOPE_CHUNK_BYTES);
}
uint64_t scope_stored(const struct scope_thread *thread); /* events that are in the pool now */

/* fold.c */
/* Folds every event up to and including `until` (ticks) into the keyframes; that becomes the horizon. */
void scope_fold(uint64_t until);
/* Whatever is folded by now is kept until the horizon has passed this point of time: the log may refer to it without saying so. */
void scope_fold_keep_until_now(void);
bool scope_fold_push(struct scope_thread *thread, struct scope_open_span span);
void scope_fold_clear(void);
/* Each thread's keyframe as a tuple of bytes (new reference), or NULL with an exception. */
PyObject *scope_fold_export(void);

#endif
