/* See locations.h: the line table is read as Objects/location_table.md of CPython describes it. */
#include "locations.h"

static unsigned varint(const unsigned char **at, const unsigned char *end)
{
    unsigned value = 0;
    for (int shift = 0; *at < end && shift < 30; shift += 6) {
        unsigned char byte = *(*at)++;
        value |= (unsigned)(byte & 63) << shift;
        if (!(byte & 64)) {
            break;
        }
    }
    return value;
}

void scope_locations_read(PyCodeObject *code, struct scope_location *locations, int units)
{
    enum { ONE_LINE = 10, NO_COLUMNS = 13, LONG_FORM = 14, NOWHERE = 15 };
    const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(code->co_linetable);
    const unsigned char *end = at + PyBytes_GET_SIZE(code->co_linetable);
    int line = code->co_firstlineno, unit = 0;
    while (at < end) {
        unsigned char head = *at++;
        int form = (head >> 3) & 15, count = (head & 7) + 1;
        bool several = false;
        if (form == NO_COLUMNS || form == LONG_FORM) {
            unsigned delta = varint(&at, end);
            line += delta & 1 ? -(int)(delta >> 1) : (int)(delta >> 1);
            several = form == LONG_FORM && varint(&at, end) > 0;
        } else if (form >= ONE_LINE && form < NO_COLUMNS) {
            line += form - ONE_LINE;
        }
        for (; count > 0 && unit < units; count--, unit++) {
            locations[unit] = (struct scope_location){form == NOWHERE ? 0 : line, several};
        }
        while (at < end && !(*at & 0x80)) { /* only the first byte of an entry has this bit */
            at++;
        }
    }
}
