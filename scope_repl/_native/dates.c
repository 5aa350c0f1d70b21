/* The types of the datetime module, read from the structures of datetime.h. */
#include "encode_parts.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable" /* the capsule of functions: only the structures are needed */
#include <datetime.h>
#pragma GCC diagnostic pop

enum scope_date scope_date_kind(const PyTypeObject *type)
{
    static const char *const names[] = {
        [SCOPE_IS_DATE] = "datetime.date",
        [SCOPE_IS_TIME] = "datetime.time",
        [SCOPE_IS_DATETIME] = "datetime.datetime",
        [SCOPE_IS_TIMEDELTA] = "datetime.timedelta",
    };
    if (scope_is_made_in_c(type) && type->tp_name[0] == 'd') {
        for (int kind = SCOPE_IS_DATE; kind <= SCOPE_IS_TIMEDELTA; kind++) {
            if (strcmp(type->tp_name, names[kind]) == 0) {
                return (enum scope_date)kind;
            }
        }
    }
    return SCOPE_IS_NO_DATE;
}

static bool write_numbers(struct scope_writer *w, int code, const int *numbers, unsigned count)
{
    struct scope_open open;
    if (!scope_fits(w, 7 + 5 * (int)count) || !scope_open(w, code, &open)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        scope_put_int(w, numbers[i]);
    }
    open.items = count;
    scope_close(w, &open);
    return true;
}

static bool write_timedelta(struct scope_writer *w, PyObject *value)
{
    const PyDateTime_Delta *delta = (const PyDateTime_Delta *)value;
    return write_numbers(w, SCOPE_EXT_TIMEDELTA, (int[]){delta->days, delta->seconds, delta->microseconds}, 3);
}

/* What a datetime.timezone is made of; datetime.h leaves it out. */
struct fixed_zone {
    PyObject_HEAD
    PyObject *offset; /* a timedelta */
    PyObject *name;
};

/* nil, the offset of a fixed zone, or the tzinfo as an instance. */
static bool write_zone(struct scope_writer *w, PyObject *zone)
{
    if (zone == NULL || zone == Py_None) {
        return scope_write_nil(w);
    }
    const PyTypeObject *type = Py_TYPE(zone);
    if (scope_is_made_in_c(type) && strcmp(type->tp_name, "datetime.timezone") == 0 &&
        type->tp_basicsize == sizeof(struct fixed_zone)) {
        PyObject *offset = ((struct fixed_zone *)zone)->offset;
        if (scope_date_kind(Py_TYPE(offset)) == SCOPE_IS_TIMEDELTA) {
            return write_timedelta(w, offset);
        }
    }
    return scope_write_value(w, zone);
}

static bool write_zoned(struct scope_writer *w, int code, PyObject *value, const int *numbers, unsigned count, PyObject *zone)
{
    if (scope_is_open(w, value)) {
        return scope_write_seen(w, value); /* a tzinfo may hold anything */
    }
    struct scope_container container;
    if (!scope_enter(w, code, value, 5 * (int)count, &container)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        scope_put_int(w, numbers[i]);
    }
    unsigned char *mark = w->p;
    bool whole = write_zone(w, zone);
    if (!whole) {
        w->p = mark;
        whole = scope_write_mark(w, SCOPE_EXT_CUT);
    }
    container.open.items = count + 1;
    return scope_leave(w, &container, whole);
}

bool scope_write_date(struct scope_writer *w, PyObject *value, enum scope_date kind)
{
    if (kind == SCOPE_IS_TIMEDELTA) {
        return write_timedelta(w, value);
    }
    if (kind == SCOPE_IS_TIME) {
        PyObject *zone = _PyDateTime_HAS_TZINFO(value) ? ((PyDateTime_Time *)value)->tzinfo : NULL;
        const int numbers[] = {PyDateTime_TIME_GET_HOUR(value), PyDateTime_TIME_GET_MINUTE(value), PyDateTime_TIME_GET_SECOND(value),
                               PyDateTime_TIME_GET_MICROSECOND(value), PyDateTime_TIME_GET_FOLD(value)};
        return write_zoned(w, SCOPE_EXT_TIME, value, numbers, 5, zone);
    }
    const int day[] = {PyDateTime_GET_YEAR(value), PyDateTime_GET_MONTH(value), PyDateTime_GET_DAY(value)};
    if (kind == SCOPE_IS_DATE) {
        return write_numbers(w, SCOPE_EXT_DATE, day, 3);
    }
    PyObject *zone = _PyDateTime_HAS_TZINFO(value) ? ((PyDateTime_DateTime *)value)->tzinfo : NULL;
    const int numbers[] = {day[0], day[1], day[2], PyDateTime_DATE_GET_HOUR(value), PyDateTime_DATE_GET_MINUTE(value),
                           PyDateTime_DATE_GET_SECOND(value), PyDateTime_DATE_GET_MICROSECOND(value),
                           PyDateTime_DATE_GET_FOLD(value)};
    return write_zoned(w, SCOPE_EXT_DATETIME, value, numbers, 8, zone);
}
