/* Names that look like secrets'. A name is taken apart into words ("apiKey2", "API_KEY" and "api-key" are api, key); it is a secret's if
 * up to three words in a row, written as one, are one of the secrets' words written as one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "encode_parts.h"

enum { WORDS_MAX = 64, WORD_BYTES = 32, NAME_CHARS = 96, RUN_MAX = 3 };

static char words[WORDS_MAX][WORD_BYTES] = {
    "password",   "passwords",     "passwd", "pwd",        "passphrase", "secret",     "secrets",       "token",
    "credential", "credentials", "authorization", "apikey", "privatekey", "accesskey",  "signingkey", "encryptionkey",
};
static int word_count = 16;

/* ---- what was found out before, by the name's hash ---- */

enum { REMEMBERED = 4096 };
struct verdict {
    uint64_t hash;
    uint32_t length; /* 0: a free place */
    uint32_t secret;
};
static struct verdict verdicts[REMEMBERED];

/* One of two places: a name that is met often does not take turns with another one. */
static inline struct verdict *verdict_for(uint64_t hash)
{
    struct verdict *verdict = &verdicts[(hash ^ (hash >> 32)) & (REMEMBERED - 1)];
    return verdict->hash == hash || verdict->length == 0 ? verdict : &verdicts[(hash >> 17) & (REMEMBERED - 1)];
}

/* ---- the rule ---- */

static bool is_word(const char *start, size_t length)
{
    for (int i = 0; i < word_count; i++) {
        if (strncmp(words[i], start, length) == 0 && words[i][length] == '\0') {
            return true;
        }
    }
    return false;
}

static inline bool is_upper(Py_UCS4 c) { return c >= 'A' && c <= 'Z'; }
static inline bool is_lower(Py_UCS4 c) { return c >= 'a' && c <= 'z'; }

/* Whether a new word begins at i: after a letter or digit, an upper-case letter that follows no upper-case one ("apiKey"), or that
 * ends a run of them ("APIKey"). */
static bool begins_word(int kind, const void *name, Py_ssize_t i, Py_ssize_t length)
{
    if (!is_upper(PyUnicode_READ(kind, name, i))) {
        return false;
    }
    return !is_upper(PyUnicode_READ(kind, name, i - 1)) || (i + 1 < length && is_lower(PyUnicode_READ(kind, name, i + 1)));
}

static bool looks_secret(int kind, const void *name, Py_ssize_t length)
{
    char letters[NAME_CHARS]; /* the name in lower case, without what stands between words */
    size_t starts[NAME_CHARS];
    size_t used = 0, count = 0;
    bool inside = false;
    length = length < NAME_CHARS ? length : NAME_CHARS;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, name, i);
        if (!is_upper(c) && !is_lower(c) && c < 0x80) {
            inside = false;
            continue;
        }
        if (!inside || begins_word(kind, name, i, length)) {
            starts[count++] = used;
        }
        inside = true;
        letters[used++] = is_upper(c) ? (char)(c | 0x20) : c < 0x80 ? (char)c : '?';
    }
    for (size_t first = 0; first < count; first++) {
        for (size_t run = 1; run <= RUN_MAX && first + run <= count; run++) {
            size_t end = first + run < count ? starts[first + run] : used;
            if (end - starts[first] < WORD_BYTES && is_word(letters + starts[first], end - starts[first])) {
                return true;
            }
        }
    }
    return false;
}

/* ---- the two kinds of names ---- */

int scope_is_secret(PyObject *name)
{
    if (!PyUnicode_CheckExact(name) || !scope_text_is_ready(name) || PyUnicode_GET_LENGTH(name) == 0) {
        return 0;
    }
    uint64_t hash = (uint64_t)PyObject_Hash(name); /* of an exact str: kept inside it, and it cannot fail */
    uint32_t length = (uint32_t)PyUnicode_GET_LENGTH(name);
    struct verdict *verdict = verdict_for(hash);
    if (LIKELY(verdict->hash == hash && verdict->length == length)) {
        return (int)verdict->secret;
    }
    bool secret = looks_secret((int)PyUnicode_KIND(name), PyUnicode_DATA(name), PyUnicode_GET_LENGTH(name));
    *verdict = (struct verdict){hash, length, secret};
    return secret;
}

bool scope_is_secret_utf8(const char *name)
{
    return looks_secret(PyUnicode_1BYTE_KIND, name, (Py_ssize_t)strnlen(name, NAME_CHARS));
}

int scope_set_secrets(PyObject *given)
{
    int count = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(given) && count < WORDS_MAX; i++) {
        Py_ssize_t length;
        const char *word = PyUnicode_AsUTF8AndSize(PyTuple_GET_ITEM(given, i), &length);
        if (word == NULL) {
            return -1;
        }
        size_t used = 0;
        for (Py_ssize_t j = 0; j < length && used < WORD_BYTES - 1; j++) {
            if (is_lower((unsigned char)word[j]) || (word[j] & 0x80)) {
                words[count][used++] = word[j];
            }
        }
        words[count][used] = '\0';
        count += used > 0;
    }
    word_count = count;
    memset(verdicts, 0, sizeof verdicts);
    return 0;
}
