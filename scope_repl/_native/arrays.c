/* ndarray, NumPy's scalars, memoryview and array.array. Their memory is read; none of their methods is called but those that hand out
 * a buffer, which are C. */
#include "arrays.h"

#include "digest.h"
#include "intern.h"

/* ---- numpy.ndarray ---- */

/* What all versions of NumPy's ABI begin these structures with. A buffer tells the same, but costs more than the rest of an event, is
 * kept by the array until its end, and is refused for dates. The first buffer at hand is compared with this, below. */
struct ndarray {
    PyObject_HEAD
    char *data;
    int dimensions;
    Py_ssize_t *shape;
    Py_ssize_t *strides;
    PyObject *base;
    PyObject *dtype;
};
struct dtype {
    PyObject_HEAD
    PyTypeObject *scalar_type;
    char kind;
    char type;
    char byte_order;
};

static Py_ssize_t bytes_of(char letter)
{
    switch (letter) {
    case '?': case 'b': case 'B': return 1;
    case 'h': case 'H': case 'e': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': return sizeof(long);
    case 'q': case 'Q': case 'd': return 8;
    case 'n': case 'N': case 'P': case 'O': return sizeof(void *);
    default: return 0; /* no plain form */
    }
}

static bool is_as_expected(const struct ndarray *array, const Py_buffer *view)
{
    size_t lengths = (size_t)view->ndim * sizeof(Py_ssize_t);
    char letter = ((const struct dtype *)array->dtype)->type;
    return array->data == view->buf && array->dimensions == view->ndim && memcmp(array->shape, view->shape, lengths) == 0 &&
           memcmp(array->strides, view->strides, lengths) == 0 && view->format[0] == letter && bytes_of(letter) == view->itemsize;
}

/* Asks for a buffer, with whatever exception is on its way put aside. */
static bool get_buffer(PyObject *value, Py_buffer *view)
{
    struct scope_pending pending = scope_put_aside();
    bool got = PyObject_GetBuffer(value, view, PyBUF_FULL_RO) == 0;
    scope_put_back(&pending); /* also forgets a refusal */
    return got;
}

/* Whether the structures above are those of the NumPy at hand: settled by the first array that can tell. */
static bool is_understood(PyObject *value)
{
    static enum { UNSETTLED, UNDERSTOOD, STRANGE } verdict = UNSETTLED;
    Py_buffer view;
    if (UNLIKELY(verdict == UNSETTLED) && get_buffer(value, &view)) {
        if (view.ndim > 0 && view.format != NULL && bytes_of(view.format[0]) != 0 && view.format[1] == '\0') {
            verdict = is_as_expected((struct ndarray *)value, &view) ? UNDERSTOOD : STRANGE;
        }
        PyBuffer_Release(&view);
    }
    return verdict == UNDERSTOOD;
}

bool scope_find_ndarray(PyObject *value, struct scope_array *found)
{
    const PyTypeObject *type = Py_TYPE(value);
    if (!scope_is_made_in_c(type) || strcmp(type->tp_name, "numpy.ndarray") != 0 || !is_understood(value)) {
        return false;
    }
    const struct ndarray *array = (const struct ndarray *)value;
    const struct dtype *dtype = (const struct dtype *)array->dtype;
    bool swapped = dtype->byte_order == (PY_LITTLE_ENDIAN ? '>' : '<');
    *found = (struct scope_array){
        .data = swapped ? NULL : array->data,
        .dimensions = array->dimensions,
        .shape = array->shape,
        .strides = array->strides,
        .item_bytes = bytes_of(dtype->type),
    };
    found->format[0] = swapped ? dtype->byte_order : dtype->type;
    found->format[1] = swapped ? dtype->type : '\0';
    return true;
}

/* ---- everything else that has a buffer ---- */

static void describe(struct scope_array *array, const Py_buffer *view)
{
    const char *format = view->format != NULL ? view->format : "B";
    format += format[0] == '@';
    bool plain = format[1] == '\0' && view->suboffsets == NULL && (view->ndim == 0 || view->strides != NULL);
    *array = (struct scope_array){
        .data = plain ? view->buf : NULL,
        .dimensions = view->ndim,
        .shape = view->shape,
        .strides = view->strides,
        .item_bytes = bytes_of(format[0]),
    };
    strncpy(array->format, format, sizeof array->format - 1);
}

static bool find_memoryview(PyObject *value, struct scope_array *array)
{
    const PyMemoryViewObject *view = (const PyMemoryViewObject *)value;
    if ((view->flags & _Py_MEMORYVIEW_RELEASED) || (view->mbuf->flags & _Py_MANAGED_BUFFER_RELEASED)) {
        return false;
    }
    describe(array, PyMemoryView_GET_BUFFER(value));
    return true;
}

/* ---- items ---- */

static bool write_element(struct scope_writer *w, const char *at, char letter, Py_ssize_t bytes)
{
    if (letter == 'O') {
        PyObject *object;
        memcpy(&object, at, sizeof object);
        return object != NULL ? scope_write_value(w, object) : scope_write_nil(w);
    }
    if (!scope_fits(w, 9)) {
        return false;
    }
    if (letter == '?') {
        *w->p++ = *at ? 0xc3 : 0xc2;
    } else if (letter == 'd') {
        double number;
        memcpy(&number, at, sizeof number);
        scope_put_double(w, number);
    } else if (letter == 'f') {
        float number;
        memcpy(&number, at, sizeof number);
        scope_put_double(w, (double)number);
    } else if (letter == 'e') {
        scope_put_double(w, PyFloat_Unpack2(at, PY_LITTLE_ENDIAN));
    } else {
        uint64_t number = 0;
        memcpy((char *)&number + (PY_LITTLE_ENDIAN ? 0 : 8 - bytes), at, (size_t)bytes);
        int unused = 64 - 8 * (int)bytes;
        if (letter >= 'a') {
            scope_put_int(w, (int64_t)(number << unused) >> unused);
        } else {
            scope_put_uint(w, number);
        }
    }
    return true;
}

void scope_write_elements(struct scope_writer *w, const struct scope_array *array, int limit, struct scope_open *open)
{
    Py_ssize_t size = 1;
    for (int d = 0; d < array->dimensions; d++) {
        size *= array->shape[d] < limit ? array->shape[d] : limit;
        size = size < limit ? size : limit;
    }
    for (Py_ssize_t i = 0; array->data != NULL && array->item_bytes != 0 && i < size; i++) {
        const char *at = array->data;
        Py_ssize_t rest = i;
        for (int d = array->dimensions - 1; d >= 0; d--) {
            at += rest % array->shape[d] * array->strides[d];
            rest /= array->shape[d];
        }
        unsigned char *mark = w->p;
        if (!write_element(w, at, array->format[0], array->item_bytes)) {
            w->p = mark;
            return;
        }
        open->items++;
    }
}

/* ---- values ---- */

bool scope_write_array(struct scope_writer *w, PyObject *value, const struct scope_array *array)
{
    struct scope_container container;
    Py_ssize_t header = 18 + (Py_ssize_t)sizeof array->format + 3 + 9 * array->dimensions;
    if (array->dimensions > SCOPE_DIMENSIONS_MAX || !scope_enter(w, SCOPE_EXT_ARRAY, value, header, &container)) {
        return false;
    }
    scope_put_uint(w, scope_intern_type(Py_TYPE(value)));
    scope_put_uint(w, (uintptr_t)value);
    scope_write_utf8(w, array->format);
    *w->p++ = 0xdc;
    scope_put_big_endian(w, (uint64_t)array->dimensions, 2);
    for (int d = 0; d < array->dimensions; d++) {
        scope_put_uint(w, (uint64_t)array->shape[d]);
    }
    container.open.items = 4;
    if (!scope_is_deep(w)) {
        scope_write_elements(w, array, SCOPE_SAMPLE_MAX, &container.open);
    }
    return scope_leave(w, &container, true);
}

/* A scalar as an instance of what is nearest to it among the builtin types. */
static bool write_scalar(struct scope_writer *w, PyObject *value, const struct scope_array *array)
{
    struct scope_container container;
    if (!scope_enter(w, SCOPE_EXT_DERIVED, value, 18 + 9 + 1, &container)) {
        return false;
    }
    scope_put_uint(w, scope_intern_type(Py_TYPE(value)));
    scope_put_uint(w, (uintptr_t)value);
    bool whole = write_element(w, array->data, array->format[0], array->item_bytes);
    *w->p++ = 0; /* attributes */
    container.open.items = 4;
    return scope_leave(w, &container, whole);
}

bool scope_write_if_array(struct scope_writer *w, PyObject *value, bool *written)
{
    PyTypeObject *type = Py_TYPE(value);
    struct scope_array array;
    if (type == &PyMemoryView_Type) {
        return find_memoryview(value, &array) && (*written = scope_write_array(w, value, &array), true);
    }
    bool is_numpy = strncmp(type->tp_name, "numpy.", 6) == 0;
    if (!is_numpy && strcmp(type->tp_name, "array.array") != 0) {
        return false;
    }
    if (is_numpy && strcmp(type->tp_name + 6, "ndarray") == 0) {
        return scope_find_ndarray(value, &array) && (*written = scope_write_array(w, value, &array), true);
    }
    Py_buffer view;
    if (type->tp_as_buffer == NULL || type->tp_as_buffer->bf_getbuffer == NULL || !get_buffer(value, &view)) {
        return false;
    }
    describe(&array, &view);
    bool known = true;
    if (!is_numpy) {
        *written = scope_write_array(w, value, &array);
    } else if (view.ndim == 0 && array.data != NULL && array.item_bytes != 0) {
        *written = write_scalar(w, value, &array);
    } else {
        known = false; /* a scalar without a plain form */
    }
    PyBuffer_Release(&view);
    return known;
}

/* ---- fingerprints ---- */

uint64_t scope_fingerprint_elements(const struct scope_array *array)
{
    enum { ITEMS = 64 };
    Py_ssize_t size = 1;
    for (int d = 0; d < array->dimensions; d++) {
        size *= array->shape[d];
    }
    if (array->data == NULL || array->item_bytes == 0) {
        return 1; /* items without a plain form */
    }
    Py_ssize_t looked = size < ITEMS ? size : ITEMS;
    uint64_t result = scope_mix((uintptr_t)array->data, (uint64_t)size);
    for (Py_ssize_t i = 0; i < looked; i++) {
        Py_ssize_t rest = (Py_ssize_t)((uint64_t)i * (uint64_t)size / (uint64_t)looked);
        const char *at = array->data;
        for (int d = array->dimensions - 1; d >= 0; d--) {
            at += rest % array->shape[d] * array->strides[d];
            rest /= array->shape[d];
        }
        result = scope_digest_bytes(result, at, (size_t)array->item_bytes);
    }
    return result | 1;
}

uint64_t scope_fingerprint_array(PyObject *value)
{
    struct scope_array array;
    Py_buffer view;
    if (scope_find_ndarray(value, &array) || (PyMemoryView_Check(value) && find_memoryview(value, &array))) {
        return scope_fingerprint_elements(&array);
    }
    if (strcmp(Py_TYPE(value)->tp_name, "array.array") != 0 || !get_buffer(value, &view)) {
        return 0;
    }
    describe(&array, &view);
    uint64_t result = scope_fingerprint_elements(&array);
    PyBuffer_Release(&view);
    return result;
}
