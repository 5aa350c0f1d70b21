/* Further stacks with makecontext and swapcontext (POSIX.1-2001). They are taken from the system when recursion needs them, used
 * strictly one above the other, and given back when it unwinds. One that was just given back is kept for the next time, because a
 * loop at the edge of a stack would otherwise map and unmap one for each call. */
#include "compat.h"

#if !SCOPE_HAS_MONITORING
#  include <pthread.h>
#  include <sys/mman.h>
#  include <ucontext.h>

#  include "stack.h"

enum { FURTHER_BYTES = 32 << 20, RESERVE_BYTES = 2 << 20, GUARD_BYTES = 4096 };

/* What is left for C code that recurses by itself (json, pickle, repr): a quarter of the stack, at most RESERVE_BYTES. */
static char *limit_of(char *lowest, size_t bytes) { return lowest + (bytes / 4 < RESERVE_BYTES ? bytes / 4 : RESERVE_BYTES); }

char *scope_stack_limit(void)
{
#  if defined(__APPLE__)
    size_t bytes = pthread_get_stacksize_np(pthread_self());
    return limit_of((char *)pthread_get_stackaddr_np(pthread_self()) - bytes, bytes);
#  else
    pthread_attr_t attributes;
    void *lowest = NULL;
    size_t bytes = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return NULL;
    }
    int failed = pthread_attr_getstack(&attributes, &lowest, &bytes);
    pthread_attr_destroy(&attributes);
    return failed ? NULL : limit_of(lowest, bytes);
#  endif
}

static __thread char *spare = NULL; /* a stack that no call uses at the moment */

struct call {
    void (*function)(void *);
    void *argument;
};

/* makecontext passes ints only: the address comes in two halves. */
static void enter(unsigned high, unsigned low)
{
    struct call *call = (struct call *)(((uintptr_t)high << 32) | (uintptr_t)low);
    call->function(call->argument);
}

bool scope_on_further_stack(char **limit, void (*function)(void *), void *argument)
{
    char *volatile memory = spare; /* volatile: getcontext may return twice, as setjmp does */
    spare = NULL;
    if (memory == NULL) {
        memory = mmap(NULL, FURTHER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            return false;
        }
        mprotect(memory, GUARD_BYTES, PROT_NONE);
    }
    struct call call = {function, argument};
    ucontext_t here, there;
    getcontext(&there);
    there.uc_stack.ss_sp = memory;
    there.uc_stack.ss_size = FURTHER_BYTES;
    there.uc_link = &here;
    uintptr_t address = (uintptr_t)&call;
    makecontext(&there, (void (*)(void))enter, 2, (unsigned)(address >> 32), (unsigned)address);
    char *limit_here = *limit;
    *limit = limit_of(memory + GUARD_BYTES, FURTHER_BYTES - GUARD_BYTES);
    swapcontext(&here, &there);
    *limit = limit_here;
    if (spare == NULL) {
        spare = memory;
    } else {
        munmap(memory, FURTHER_BYTES);
    }
    return true;
}
#endif
