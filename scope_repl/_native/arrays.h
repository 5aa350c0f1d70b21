/* Arrays by shape, type of items and address of the data. */
#ifndef SCOPE_ARRAYS_H
#define SCOPE_ARRAYS_H

#include "encode_parts.h"

#define SCOPE_DIMENSIONS_MAX 64
#define SCOPE_SAMPLE_MAX 8 /* items of one array */

/* A view of somebody's memory, for as long as nothing else runs. All pointers are borrowed. */
struct scope_array {
    const char *data; /* NULL: the items have no plain form */
    char format[8];   /* struct module's; a letter alone is of native order and alignment; "" if unknown */
    int dimensions;
    const Py_ssize_t *shape;
    const Py_ssize_t *strides;
    Py_ssize_t item_bytes;
};

/* Whether a value is exactly a numpy.ndarray whose structure is understood. */
bool scope_find_ndarray(PyObject *value, struct scope_array *array);

/* ARRAY: `value` is whose array it is. */
bool scope_write_array(struct scope_writer *w, PyObject *value, const struct scope_array *array);

/* What tells of a change in it: made of 64 of its items at equal distances, and never 0. */
uint64_t scope_fingerprint_elements(const struct scope_array *array);

/* Up to `limit` items, row by row. */
void scope_write_elements(struct scope_writer *w, const struct scope_array *array, int limit, struct scope_open *open);

#endif
