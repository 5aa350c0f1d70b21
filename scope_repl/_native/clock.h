/* The clock: ticks of the CPU's invariant time-stamp counter where there is one, else nanoseconds of CLOCK_MONOTONIC. */
#ifndef SCOPE_CLOCK_H
#define SCOPE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#if defined(__x86_64__)
#  include <x86intrin.h>
#endif

extern bool scope_clock_has_tsc;

static inline uint64_t scope_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Now, in ticks, if that takes one instruction; else 0. */
static inline uint64_t scope_ticks_short(void)
{
#if defined(__x86_64__)
    return __builtin_expect(scope_clock_has_tsc, 1) ? __rdtsc() : 0;
#else
    return 0;
#endif
}

/* Now, in ticks. Never 0: a time of 0 stands for "not known" in the log. */
static inline uint64_t scope_ticks(void)
{
    uint64_t ticks = scope_ticks_short();
    return ticks != 0 ? ticks : scope_monotonic_ns();
}

/* Chooses the clock and takes the first of the two readings that calibrate it. Once, at import. */
void scope_clock_init(void);

/* Nanoseconds a tick, from the reading at import to one taken now. */
double scope_clock_ns_per_tick(void);

#endif
