/* Calibration: the counter's rate is the ratio of two intervals, ticks and nanoseconds, between a reading at import and one now.
 * The longer the process has lived, the more exact; after 10 ms the error is a few parts in a million. */
#include "clock.h"
#if defined(__x86_64__)
#  include <cpuid.h>
#endif

bool scope_clock_has_tsc = false;

struct reading {
    uint64_t ticks, ns;
};
static struct reading first;

enum { ATTEMPTS = 9, SHORTEST_BASELINE_NS = 2000000 };

/* The two clocks at one time: of some attempts the one that took least, because nothing came in between. */
static struct reading read_both(void)
{
    struct reading best = {0, 0};
    uint64_t shortest = UINT64_MAX;
    for (int i = 0; i < ATTEMPTS; i++) {
        uint64_t before = scope_ticks();
        uint64_t ns = scope_monotonic_ns();
        uint64_t after = scope_ticks();
        if (after - before < shortest) {
            shortest = after - before;
            best = (struct reading){before + (after - before) / 2, ns};
        }
    }
    return best;
}

#if defined(__x86_64__)
/* CPUID leaf 0x80000007, EDX bit 8 (Intel SDM vol. 3, 18.17.1): the counter runs at one rate in all power states. */
static bool cpu_has_invariant_tsc(void)
{
    unsigned eax, ebx, ecx, edx;
    return __get_cpuid(0x80000007u, &eax, &ebx, &ecx, &edx) && (edx & (1u << 8));
}
#endif

void scope_clock_init(void)
{
#if defined(__x86_64__)
    scope_clock_has_tsc = cpu_has_invariant_tsc();
#endif
    first = read_both();
}

double scope_clock_ns_per_tick(void)
{
    if (!scope_clock_has_tsc) {
        return 1.0;
    }
    struct reading now = read_both();
    while (now.ns - first.ns < SHORTEST_BASELINE_NS) {
        now = read_both();
    }
    return (double)(now.ns - first.ns) / (double)(now.ticks - first.ticks);
}
