/* DataFrame, Series and the kinds of Index: their shape, their columns and a few of their items, without asking them. pandas keeps them
 * in NumPy arrays behind attributes of instances, and behind attributes of classes made by Cython whose getters only hand out
 * what they hold. */
#include "arrays.h"
#include "digest.h"
#include "intern.h"

/* ---- reading pandas' own objects ---- */

enum name { MODULE, MANAGER, DATA, RANGE, CODES, BLOCKS, AXES, NAMES };

/* The name as an interned str (borrowed), or NULL when there is no memory. */
static PyObject *name_of(enum name name)
{
    static const char *const texts[NAMES] = {"__module__", "_mgr", "_data", "_range", "_codes", "blocks", "axes"};
    static PyObject *names[NAMES]; /* as long as the process */
    if (names[name] == NULL && (names[name] = PyUnicode_InternFromString(texts[name])) == NULL) {
        PyErr_Clear();
    }
    return names[name];
}

/* What an instance holds under a name (borrowed), or NULL. Names of attributes are interned: their addresses are compared. */
static PyObject *held(PyObject *object, enum name name)
{
    struct scope_walk walk;
    Py_ssize_t size;
    PyObject *wanted = name_of(name), *key, *value;
    if (object == NULL || wanted == NULL || !scope_walk_attributes(object, &walk, &size)) {
        return NULL;
    }
    for (int step = 0; step < SCOPE_STEPS_MAX && scope_walk_step(&walk, &key, &value); step++) {
        if (key == wanted) {
            return value;
        }
    }
    return NULL;
}

static bool small_int(PyObject *value, long long *number)
{
    int overflow = 1;
    if (PyLong_CheckExact(value)) {
        *number = PyLong_AsLongLongAndOverflow(value, &overflow);
    }
    return overflow == 0;
}

/* The getter of an attribute of a class made by Cython, or NULL. */
static const PyGetSetDef *find_getter(PyObject *object, const char *owner, const char *name)
{
    for (PyTypeObject *type = object != NULL ? Py_TYPE(object) : NULL; type != NULL; type = type->tp_base) {
        if (strcmp(type->tp_name, owner) != 0) {
            continue;
        }
        for (const PyGetSetDef *attribute = type->tp_getset; attribute != NULL && attribute->name != NULL; attribute++) {
            if (strcmp(attribute->name, name) == 0) {
                return attribute;
            }
        }
    }
    return NULL;
}

/* The object that such an attribute holds (borrowed: the instance keeps it), or NULL. */
static PyObject *held_by_cython(PyObject *object, const char *owner, const char *name)
{
    const PyGetSetDef *attribute = find_getter(object, owner, name);
    PyObject *value = attribute != NULL ? attribute->get(object, attribute->closure) : NULL;
    Py_XDECREF(value);
    return value;
}

/* The number that such an attribute holds; false if there is none. */
static bool number_held_by_cython(PyObject *object, const char *owner, const char *name, long long *number)
{
    const PyGetSetDef *attribute = find_getter(object, owner, name);
    PyObject *value = attribute != NULL ? attribute->get(object, attribute->closure) : NULL;
    bool found = value != NULL && small_int(value, number);
    Py_XDECREF(value);
    return found;
}

static PyObject *first_of(PyObject *sequence)
{
    if (sequence == NULL || !(PyList_Check(sequence) || PyTuple_Check(sequence)) || Py_SIZE(sequence) == 0) {
        return NULL;
    }
    return PyList_Check(sequence) ? PyList_GET_ITEM(sequence, 0) : PyTuple_GET_ITEM(sequence, 0);
}

/* The NumPy array behind the values of a Series' block, or of an Index. Some keep codes or ordinals there in place of the items:
 * only its shape counts then. */
static bool find_array(PyObject *values, struct scope_array *array)
{
    if (values == NULL) {
        return false;
    }
    if (scope_find_ndarray(values, array)) {
        return true;
    }
    values = held_by_cython(values, "pandas._libs.arrays.NDArrayBacked", "_ndarray");
    if (values == NULL || !scope_find_ndarray(values, array)) {
        return false;
    }
    if (array->format[0] != 'O' && array->format[0] != 'M' && array->format[0] != 'm') {
        array->data = NULL;
        array->format[0] = '\0';
    }
    return true;
}

struct steps {
    long long start, step, length;
};

static bool find_steps(PyObject *range, struct steps *steps)
{
    PyObject *parts[3];
    long long stop;
    if (range == NULL || Py_TYPE(range) != &PyRange_Type) {
        return false;
    }
    scope_range_parts(range, parts);
    if (!small_int(parts[0], &steps->start) || !small_int(parts[1], &stop) || !small_int(parts[2], &steps->step) ||
        steps->step == 0) {
        return false;
    }
    bool upwards = steps->step > 0;
    if (upwards ? stop <= steps->start : stop >= steps->start) {
        steps->length = 0;
        return true;
    }
    uint64_t span = upwards ? (uint64_t)stop - (uint64_t)steps->start : (uint64_t)steps->start - (uint64_t)stop;
    uint64_t size = upwards ? (uint64_t)steps->step : -(uint64_t)steps->step;
    steps->length = (long long)((span - 1) / size) + 1;
    return steps->length > 0;
}

/* How long an Index is; -1 if it does not show. */
static Py_ssize_t index_length(PyObject *index)
{
    struct steps steps;
    struct scope_array array;
    if (find_steps(held(index, RANGE), &steps)) {
        return steps.length;
    }
    if ((find_array(held(index, DATA), &array) || find_array(first_of(held(index, CODES)), &array)) && array.dimensions > 0) {
        return array.shape[0];
    }
    return -1;
}

/* ---- writing ---- */

static bool write_length(struct scope_writer *w, Py_ssize_t length)
{
    return length < 0 ? scope_write_nil(w) : scope_write_uint(w, (uint64_t)length);
}

static void write_labels(struct scope_writer *w, PyObject *index, struct scope_open *open)
{
    struct steps steps;
    struct scope_array array;
    if (find_steps(held(index, RANGE), &steps)) {
        for (long long i = 0; i < steps.length && i < SCOPE_ITEMS_MAX && scope_fits(w, 9); i++) {
            scope_put_int(w, steps.start + i * steps.step);
            open->items++;
        }
    } else if (find_array(held(index, DATA), &array) && array.dimensions == 1) {
        scope_write_elements(w, &array, SCOPE_ITEMS_MAX, open);
    }
}

static bool write_frame(struct scope_writer *w, PyObject *frame)
{
    PyObject *axes = held_by_cython(held(frame, MANAGER), "pandas._libs.internals.BlockManager", "axes");
    if (axes == NULL || !PyList_CheckExact(axes) || PyList_GET_SIZE(axes) != 2) {
        axes = NULL;
    }
    PyObject *columns = axes != NULL ? PyList_GET_ITEM(axes, 0) : NULL;
    PyObject *rows = axes != NULL ? PyList_GET_ITEM(axes, 1) : NULL;
    struct scope_container container;
    if (!scope_enter(w, SCOPE_EXT_FRAME, frame, 36, &container)) {
        return false;
    }
    scope_put_uint(w, scope_intern_type(Py_TYPE(frame)));
    scope_put_uint(w, (uintptr_t)frame);
    write_length(w, rows != NULL ? index_length(rows) : -1);
    write_length(w, columns != NULL ? index_length(columns) : -1);
    container.open.items = 4;
    if (columns != NULL && !scope_is_deep(w)) {
        write_labels(w, columns, &container.open);
    }
    return scope_leave(w, &container, true);
}

/* A Series or an Index whose items are not in one NumPy array: its length, if that shows. */
static bool write_opaque(struct scope_writer *w, PyObject *value, Py_ssize_t length)
{
    struct scope_array array = {.data = NULL, .dimensions = 1, .shape = &length};
    if (length >= 0) {
        return scope_write_array(w, value, &array);
    }
    struct scope_open open;
    if (!scope_fits(w, 7 + 19) || !scope_open(w, SCOPE_EXT_OBJECT, &open)) {
        return false;
    }
    scope_put_uint(w, scope_intern_type(Py_TYPE(value)));
    scope_put_uint(w, (uintptr_t)value);
    *w->p++ = 0xc0;
    open.items = 3;
    scope_close(w, &open);
    return true;
}

static bool write_series(struct scope_writer *w, PyObject *series)
{
    PyObject *manager = held(series, MANAGER);
    PyObject *block = first_of(held(manager, BLOCKS));
    struct scope_array array;
    if (find_array(held_by_cython(block, "pandas._libs.internals.Block", "values"), &array)) {
        return scope_write_array(w, series, &array);
    }
    PyObject *index = first_of(held(manager, AXES));
    return write_opaque(w, series, index != NULL ? index_length(index) : -1);
}

static bool write_index(struct scope_writer *w, PyObject *index)
{
    struct scope_array array;
    if (find_array(held(index, DATA), &array)) {
        return scope_write_array(w, index, &array);
    }
    return write_opaque(w, index, index_length(index));
}

/* ---- dates ---- */

/* Whether a date that pandas made is no more than the datetime or timedelta it builds on: some have nanoseconds, NaT has no time. */
bool scope_date_is_whole(PyObject *value)
{
    enum { NANOSECONDS = 10 }; /* of pandas' enumeration of resolutions */
    static const char timestamp[] = "pandas._libs.tslibs.timestamps._Timestamp";
    static const char timedelta[] = "pandas._libs.tslibs.timedeltas._Timedelta";
    long long number, resolution;
    if (find_getter(value, "pandas._libs.tslibs.nattype._NaT", "_value") != NULL) {
        return false;
    }
    if (find_getter(value, timestamp, "_value") != NULL) {
        return number_held_by_cython(value, timestamp, "_nanosecond", &number) && number == 0;
    }
    if (find_getter(value, timedelta, "_value") != NULL) {
        return number_held_by_cython(value, timedelta, "_value", &number) &&
               number_held_by_cython(value, timedelta, "_creso", &resolution) &&
               (resolution != NANOSECONDS || number % 1000 == 0);
    }
    return true;
}

/* ---- recognising ---- */

static bool is_of_pandas(PyTypeObject *type)
{
    PyObject *wanted = name_of(MODULE);
    PyObject *module = wanted != NULL ? scope_dict_under(type->tp_dict, wanted) : NULL;
    return module != NULL && PyUnicode_CheckExact(module) && PyUnicode_IS_COMPACT_ASCII(module) &&
           PyUnicode_GET_LENGTH(module) >= 6 && memcmp(PyUnicode_DATA(module), "pandas", 6) == 0;
}

static const struct kind {
    const char *name;
    bool (*write)(struct scope_writer *w, PyObject *value);
} kinds[] = {
    {"DataFrame", write_frame},        {"Series", write_series},        {"Index", write_index},
    {"RangeIndex", write_index},       {"DatetimeIndex", write_index},  {"MultiIndex", write_index},
    {"CategoricalIndex", write_index}, {"TimedeltaIndex", write_index}, {"PeriodIndex", write_index},
    {"IntervalIndex", write_index},
};

static const struct kind *kind_of(PyTypeObject *type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (type->tp_name[0] == kinds[i].name[0] && strcmp(type->tp_name, kinds[i].name) == 0) {
            return is_of_pandas(type) ? &kinds[i] : NULL;
        }
    }
    return NULL;
}

bool scope_is_pandas_type(PyTypeObject *type) { return kind_of(type) != NULL; }

bool scope_write_if_pandas(struct scope_writer *w, PyObject *value, bool *written)
{
    const struct kind *kind = kind_of(Py_TYPE(value));
    return kind != NULL && (*written = kind->write(w, value), true);
}

/* ---- fingerprints ---- */

uint64_t scope_fingerprint_pandas(PyObject *value)
{
    enum { BLOCKS_MAX = 16 };
    PyObject *manager = held(value, MANAGER);
    PyObject *blocks = held_by_cython(manager, "pandas._libs.internals.BlockManager", "blocks");
    blocks = blocks != NULL ? blocks : held(manager, BLOCKS); /* of a Series */
    if (blocks == NULL || !PyTuple_CheckExact(blocks)) {
        return 0;
    }
    uint64_t fingerprint = scope_mix(1, (uint64_t)PyTuple_GET_SIZE(blocks));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(blocks) && i < BLOCKS_MAX; i++) {
        PyObject *values = held_by_cython(PyTuple_GET_ITEM(blocks, i), "pandas._libs.internals.Block", "values");
        struct scope_array array;
        bool plain = find_array(values, &array) && array.data != NULL && array.item_bytes != 0;
        fingerprint = scope_mix(fingerprint, plain ? scope_fingerprint_elements(&array) : (uintptr_t)values);
    }
    return fingerprint | 1;
}
