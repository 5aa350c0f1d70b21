/* The table of callables, and code objects, which find their entry through co_extra. */
#include "intern.h"

#include <stdlib.h>

#include "encode.h"
#include "lines.h"
#include "object_compat.h"

Py_ssize_t scope_extra_index = -1;

/* ---- the entries by number ---- */

enum { BLOCK = 1024, BLOCKS = (SCOPE_ID_MAX + BLOCK) / BLOCK };
static struct scope_code *blocks[BLOCKS]; /* entries never move: hooks hold pointers to them */
static uint32_t count = 0;

struct scope_code *scope_interned(uint32_t id)
{
    return id == 0 || id > count ? NULL : &blocks[(id - 1) / BLOCK][(id - 1) % BLOCK];
}

uint32_t scope_intern_count(void) { return count; }

struct scope_code *scope_intern_new(void)
{
    if (count >= SCOPE_ID_MAX) {
        return NULL;
    }
    struct scope_code **block = &blocks[count / BLOCK];
    if (*block == NULL) {
        *block = calloc(BLOCK, sizeof(struct scope_code));
        if (*block == NULL) {
            return NULL;
        }
    }
    struct scope_code *entry = &(*block)[count % BLOCK];
    entry->id = ++count;
    entry->head = (uint64_t)entry->id << SCOPE_DELTA_BITS;
    return entry;
}

/* ---- code objects ---- */

/* Called by the interpreter when a code object is freed. */
static void code_is_gone(void *extra)
{
    struct scope_code *entry = extra;
    entry->code = NULL; /* its lines are kept until the recording ends, which tells of them */
}

void scope_intern_free_lines(void)
{
    for (uint32_t id = 1; id <= count; id++) {
        struct scope_code *entry = scope_interned(id);
        if (entry->table != NULL) {
            scope_lines_free(entry->table);
            entry->table = NULL;
        }
    }
}

int scope_intern_init(void)
{
    scope_extra_index = SCOPE_REQUEST_EXTRA(code_is_gone);
    if (scope_extra_index < 0) {
        PyErr_SetString(PyExc_ImportError, "scope_repl needs a place in co_extra, and other tools have taken all of them");
        return -1;
    }
    static struct scope_code probe; /* static: code_is_gone writes to it when the code object goes */
    PyCodeObject *code = PyCode_NewEmpty("<scope>", "<scope>", 1);
    if (code == NULL) {
        return -1;
    }
    int as_expected = scope_code_of(code) == NULL && SCOPE_SET_EXTRA((PyObject *)code, scope_extra_index, &probe) == 0 &&
                      scope_code_of(code) == &probe;
    Py_DECREF(code);
    if (!as_expected) {
        PyErr_SetString(PyExc_ImportError, "this build of CPython keeps co_extra in a layout that scope_repl does not know");
        return -1;
    }
    return scope_callables_init();
}

/* The argument names that look like secrets', as bits. */
static uint64_t secret_arguments(PyObject *names, int arguments)
{
    uint64_t bits = 0;
    for (int i = 0; i < arguments && i < 64; i++) {
        if (scope_is_secret(PyTuple_GET_ITEM(names, i))) {
            bits |= UINT64_C(1) << i;
        }
    }
    return bits;
}

/* Whether names are kept in a dictionary that is not the module's. */
static bool is_class_body(PyCodeObject *code)
{
    return !(code->co_flags & CO_OPTIMIZED) && PyUnicode_CompareWithASCIIString(code->co_name, "<module>") != 0;
}

struct scope_code *scope_intern_code(PyCodeObject *code)
{
    struct scope_code *known = scope_code_of(code);
    if (known != NULL) {
        return known;
    }
    struct scope_code *entry = scope_intern_new();
    if (entry == NULL) {
        return NULL;
    }
    if (SCOPE_SET_EXTRA((PyObject *)code, scope_extra_index, entry) != 0) {
        PyErr_Clear(); /* out of memory: the entry stays unused */
        return NULL;
    }
    entry->code = code;
    entry->name = Py_NewRef(code->co_name);
    entry->qualname = Py_NewRef(code->co_qualname);
    entry->file = Py_NewRef(code->co_filename);
    entry->locals = Py_NewRef(code->co_localsplusnames);
    entry->lines = Py_NewRef(code->co_linetable);
    entry->first_line = code->co_firstlineno;
    entry->arguments = code->co_argcount + code->co_kwonlyargcount + !!(code->co_flags & CO_VARARGS) +
                       !!(code->co_flags & CO_VARKEYWORDS);
    entry->flags = (code->co_flags & CO_GENERATOR ? SCOPE_FLAG_GENERATOR : 0) |
                   (code->co_flags & CO_COROUTINE ? SCOPE_FLAG_COROUTINE : 0) |
                   (code->co_flags & CO_ASYNC_GENERATOR ? SCOPE_FLAG_ASYNC_GENERATOR : 0) |
                   (is_class_body(code) ? SCOPE_FLAG_CLASS_BODY : 0);
    entry->secrets = secret_arguments(entry->locals, entry->arguments);
    entry->secret = scope_is_secret(entry->name);
    entry->is_init = PyUnicode_CompareWithASCIIString(entry->name, "__init__") == 0;
    entry->has_self = code->co_argcount > 0 && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(entry->locals, 0), "self") == 0;
    return entry;
}

struct scope_code *scope_intern_name(PyObject *name)
{
    static PyObject *ids = NULL; /* owned dict of str to int; as long as the process */
    struct scope_pending pending = scope_put_aside();
    struct scope_code *entry = NULL;
    PyObject *known = ids != NULL || (ids = PyDict_New()) != NULL ? PyDict_GetItemWithError(ids, name) : NULL;
    if (known != NULL) {
        entry = scope_interned((uint32_t)PyLong_AsUnsignedLong(known));
    } else if (ids != NULL && (entry = scope_intern_new()) != NULL) {
        PyObject *id = PyLong_FromUnsignedLong(entry->id);
        if (id == NULL || PyDict_SetItem(ids, name, id) < 0) {
            entry = NULL; /* out of memory: the number stays unused */
        } else {
            entry->name = Py_NewRef(name);
            entry->qualname = Py_NewRef(name);
            entry->flags = SCOPE_FLAG_NAME;
        }
        Py_XDECREF(id);
    }
    scope_put_back(&pending);
    return entry;
}

void scope_intern_redact(void)
{
    for (uint32_t id = 1; id <= count; id++) {
        struct scope_code *entry = scope_interned(id);
        if (entry->locals != NULL) {
            entry->secrets = secret_arguments(entry->locals, entry->arguments);
            entry->secret = scope_is_secret(entry->name);
        }
    }
}
