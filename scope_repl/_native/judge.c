/* Which code is recorded, and at which level: the rules' globs against a code object's module and file, once a code object. */
#include <fnmatch.h>
#include <string.h>

#include "lines.h"
#include "wanted.h"
#include "recorder.h"

enum { LONGEST = 1024 };

/* The text of a str for matching: "" for what is longer than any path or not text at all. Uses no cache of the str's own. */
static const char *as_text(PyObject *value, char *buffer)
{
    buffer[0] = '\0';
    if (value == NULL || !PyUnicode_CheckExact(value)) {
        return buffer;
    }
    if (PyUnicode_IS_COMPACT_ASCII(value)) {
        return (const char *)PyUnicode_1BYTE_DATA(value);
    }
    PyObject *bytes = PyUnicode_AsEncodedString(value, "utf-8", "surrogateescape");
    if (bytes == NULL) {
        PyErr_Clear();
        return buffer;
    }
    Py_ssize_t size = PyBytes_GET_SIZE(bytes);
    if (size < LONGEST) {
        memcpy(buffer, PyBytes_AS_STRING(bytes), (size_t)size + 1);
    }
    Py_DECREF(bytes);
    return buffer;
}

static uint8_t level_of(const struct scope_code *entry)
{
    char module_buffer[LONGEST], file_buffer[LONGEST];
    const char *module = as_text(entry->module, module_buffer);
    const char *file = as_text(entry->file, file_buffer);
    for (size_t i = 0; i < scope_recorder.rule_count; i++) {
        const struct scope_rule *rule = &scope_recorder.rules[i];
        if (fnmatch(rule->glob, rule->by_module ? module : file, 0) == 0) {
            return rule->level;
        }
    }
    return scope_recorder.default_level;
}

void scope_judge(struct scope_code *entry, PyObject *globals)
{
    PyObject *type, *value, *traceback; /* code may run, and be judged, while an exception is in flight */
    PyErr_Fetch(&type, &value, &traceback);
    if (entry->module == NULL && globals != NULL && PyDict_Check(globals)) {
        PyObject *module = PyDict_GetItemString(globals, "__name__");
        entry->module = module != NULL && PyUnicode_CheckExact(module) ? Py_NewRef(module) : NULL;
    }
    entry->level = level_of(entry);
    if (entry->level == SCOPE_LEVEL_LINES && entry->table == NULL && entry->code != NULL) {
        entry->table = scope_lines_read(entry->code);
    }
    struct scope_code *name = entry->level == SCOPE_LEVEL_LINES && entry->module != NULL ? scope_intern_name(entry->module) : NULL;
    entry->module_id = name != NULL && !(entry->flags & SCOPE_FLAG_CLASS_BODY) ? name->id : 0;
    if (entry->level == SCOPE_LEVEL_LINES && entry->table == NULL) {
        entry->level = SCOPE_LEVEL_VALUES; /* there is no memory to read its lines */
    }
    if (entry->level == SCOPE_LEVEL_OFF || entry->level == SCOPE_LEVEL_HIDDEN) {
        entry->mode = entry->level == SCOPE_LEVEL_OFF ? SCOPE_OFF : SCOPE_HIDDEN;
    } else if (entry->level == SCOPE_LEVEL_CALLS && !(entry->flags & SCOPE_FLAG_SUSPENDS) && !entry->thread_entry &&
               scope_recorder.max_depth == UINT32_MAX) {
        entry->mode = SCOPE_BARE;
    } else {
        entry->mode = SCOPE_RECORDED;
    }
    entry->used = entry->mode >= SCOPE_RECORDED;
    PyErr_Restore(type, value, traceback);
    if (UNLIKELY(scope_has_wanted)) {
        scope_wanted_look();
    }
}
