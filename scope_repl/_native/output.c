/* See output.h. */
#include "output.h"

#include <string.h>

#include "events.h"
#include "object_compat.h"
#include "stand_in.h"
#include "writer.h"

enum { BYTES_MAX = 3500 };

/* ---- records ---- */

/* A character as UTF-8; a lone surrogate as the three bytes that it would have. Returns how many bytes. */
static int put_character(unsigned char *out, Py_UCS4 c)
{
    if (c < 0x80) {
        out[0] = (unsigned char)c;
        return 1;
    }
    int bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = bytes - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (unsigned char)((0xf0 << (4 - bytes)) | c);
    return bytes;
}

static void write_piece(struct scope_thread *thread, int stream, const unsigned char *text, uint32_t bytes)
{
    struct scope_writer w = {0};
    unsigned char header[3];
    w.p = header;
    scope_put_str_header(&w, bytes);
    uint32_t before = (uint32_t)(w.p - header);
    uint64_t now = scope_ticks();
    uint64_t *at = scope_reserve(thread, 2 + scope_padded(before + bytes) / 8, now);
    if (at != NULL) {
        at[0] = scope_word(SCOPE_OUTPUT, (uint32_t)stream, now - thread->base) | SCOPE_PAYLOAD_BIT;
        memcpy(at + 2, header, before);
        memcpy((unsigned char *)(at + 2) + before, text, bytes);
        scope_finish_record(thread, at, 0, before + bytes);
    }
}

/* `text` is a str, or of a class derived from it: its characters are read, and none of its methods called. */
static void write_text(int stream, PyObject *text)
{
    struct scope_thread *thread = scope_recorder.running ? scope_thread_here() : NULL;
    if (thread == NULL || !scope_text_is_ready(text)) {
        return;
    }
    unsigned char piece[BYTES_MAX + 4];
    uint32_t used = 0;
    int kind = (int)PyUnicode_KIND(text);
    const void *characters = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++) {
        uint32_t bytes = (uint32_t)put_character(piece + used, PyUnicode_READ(kind, characters, i));
        if (used + bytes > BYTES_MAX) {
            write_piece(thread, stream, piece, used);
            memmove(piece, piece + used, bytes);
            used = 0;
        }
        used += bytes;
    }
    if (used > 0) {
        write_piece(thread, stream, piece, used);
    }
}

/* ---- the stand-ins ---- */

/* For each stream, how many stand-ins are at work on this thread whose text includes what is shown there meanwhile. */
static __thread int covered[SCOPE_STREAMS];

/* The text that a call shows (borrowed), or NULL. Streams are given a str; the others a dictionary of representations, as their first
 * argument or as `data`. */
static PyObject *text_of(int stream, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    if (stream == SCOPE_STDOUT || stream == SCOPE_STDERR) {
        return count == 1 && keywords == NULL ? args[0] : NULL;
    }
    static PyObject *str_plain; /* interned; as long as the process */
    if (str_plain == NULL && (str_plain = PyUnicode_InternFromString("text/plain")) == NULL) {
        PyErr_Clear();
        return NULL;
    }
    PyObject *bundle = count > 0 ? args[0] : NULL;
    for (Py_ssize_t i = 0; bundle == NULL && keywords != NULL && i < PyTuple_GET_SIZE(keywords); i++) {
        bundle = PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, i), "data") == 0 ? args[count + i] : NULL;
    }
    return scope_dict_under(bundle, str_plain);
}

static PyObject *called(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *keywords)
{
    struct scope_stand_in *tap = (struct scope_stand_in *)self;
    int covers = tap->stream == SCOPE_STDERR ? SCOPE_STDERR : SCOPE_STDOUT; /* what a terminal shows of a display goes there */
    PyObject *text = NULL;
    if (scope_recorder.running && tap->stream != SCOPE_SILENT && covered[covers] == 0) {
        text = text_of(tap->stream, args, PyVectorcall_NARGS(nargsf), keywords);
        text = text != NULL && PyUnicode_Check(text) ? Py_NewRef(text) : NULL;
    }
    PyObject *original = Py_NewRef(tap->original);
    covered[covers]++;
    PyObject *result = PyObject_Vectorcall(original, args, nargsf, keywords);
    covered[covers]--;
    Py_DECREF(original);
    if (text != NULL && result != NULL) {
        write_text(tap->stream, text);
    }
    Py_XDECREF(text);
    return result;
}

/* ---- what Python calls ---- */

static bool is_stream(int stream)
{
    if (stream >= SCOPE_SILENT && stream < SCOPE_STREAMS) {
        return true;
    }
    PyErr_Format(PyExc_ValueError, "there is no stream %d", stream);
    return false;
}

static PyObject *output(PyObject *self, PyObject *args)
{
    (void)self;
    int stream;
    PyObject *text;
    if (!PyArg_ParseTuple(args, "iU:output", &stream, &text) || !is_stream(stream)) {
        return NULL;
    }
    write_text(stream, text);
    Py_RETURN_NONE;
}

static PyObject *tap(PyObject *self, PyObject *args)
{
    (void)self;
    int stream;
    PyObject *function;
    if (!PyArg_ParseTuple(args, "Oi:tap", &function, &stream) || !is_stream(stream)) {
        return NULL;
    }
    struct scope_stand_in *stand_in = scope_stand_in_new(called, function);
    if (stand_in != NULL) {
        stand_in->stream = stream;
    }
    return (PyObject *)stand_in;
}

static PyMethodDef methods[] = {
    {"output", output, METH_VARARGS, "Record a text that is shown."},
    {"tap", tap, METH_VARARGS, "A stand-in for a function that shows text, which records the text."},
    {0},
};

int scope_output_init(PyObject *module) { return PyModule_AddFunctions(module, methods); }
