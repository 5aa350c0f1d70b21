/* What the instructions of CPython 3.11 to 3.15 do to locals and to other objects. An instruction that is not named here may do
 * anything. */
#ifndef SCOPE_OPCODES_H
#define SCOPE_OPCODES_H

#include <stdbool.h>
#include <stdint.h>

enum scope_effect {
    SCOPE_ANYTHING = 0,  /* runs other code, or hands control over */
    SCOPE_MOVES = 1,     /* moves values about */
    SCOPE_OPERATES = 2,  /* runs other code only if an operand is of a class that says so; changes nothing but its operands */
    SCOPE_REACHES = 4,   /* the same, and its result is part of another object */
    SCOPE_CHANGES = 8,   /* changes an object, the one that the instruction is for */
    SCOPE_LOADS = 16,    /* a slot */
    SCOPE_STORES = 32,   /* a slot */
    SCOPE_PAIR = 64,     /* two slots: the first in the high half of the argument's byte */
    SCOPE_NAMED_SLOT = 128, /* the argument is a name, not a slot */
    SCOPE_CALLS = 256,      /* runs the callable that it names */
    SCOPE_SUBSCRIBES = 512, /* asks an object for an item: a dictionary of a class of its own may change by that */
    SCOPE_HANDS_OVER = 1024, /* control goes to a generator, or back to who resumes it */
};

/* By opcode: a sum of the above. */
static const uint16_t scope_effects[256] = {
    [CACHE] = SCOPE_MOVES,
    [NOP] = SCOPE_MOVES,
    [RESUME] = SCOPE_MOVES,
    [EXTENDED_ARG] = SCOPE_MOVES,
    [POP_TOP] = SCOPE_MOVES,
    [PUSH_NULL] = SCOPE_MOVES,
    [COPY] = SCOPE_MOVES,
    [SWAP] = SCOPE_MOVES,
    [LOAD_CONST] = SCOPE_MOVES,
    [LOAD_BUILD_CLASS] = SCOPE_MOVES,
    [RETURN_VALUE] = SCOPE_MOVES,
    [JUMP_FORWARD] = SCOPE_MOVES,
    [JUMP_BACKWARD] = SCOPE_MOVES,
    [JUMP_BACKWARD_NO_INTERRUPT] = SCOPE_MOVES,
    [IS_OP] = SCOPE_MOVES,
    [COPY_FREE_VARS] = SCOPE_MOVES,
    [MAKE_CELL] = SCOPE_MOVES | SCOPE_STORES,
    [MAKE_FUNCTION] = SCOPE_MOVES,
    [BUILD_TUPLE] = SCOPE_MOVES,
    [BUILD_LIST] = SCOPE_MOVES,
    [BUILD_SLICE] = SCOPE_MOVES,
    [BUILD_STRING] = SCOPE_MOVES,
    [PUSH_EXC_INFO] = SCOPE_MOVES,
    [POP_EXCEPT] = SCOPE_MOVES,
    [RERAISE] = SCOPE_MOVES,
    [RETURN_GENERATOR] = SCOPE_MOVES,

    [LOAD_FAST] = SCOPE_MOVES | SCOPE_LOADS,
    [STORE_FAST] = SCOPE_MOVES | SCOPE_STORES,
    [DELETE_FAST] = SCOPE_MOVES | SCOPE_STORES,
    [LOAD_DEREF] = SCOPE_MOVES | SCOPE_LOADS,
    [STORE_DEREF] = SCOPE_MOVES | SCOPE_STORES,
    [DELETE_DEREF] = SCOPE_MOVES | SCOPE_STORES,
    [LOAD_NAME] = SCOPE_MOVES | SCOPE_LOADS | SCOPE_NAMED_SLOT,
    [STORE_NAME] = SCOPE_MOVES | SCOPE_STORES | SCOPE_NAMED_SLOT,
    [DELETE_NAME] = SCOPE_MOVES | SCOPE_STORES | SCOPE_NAMED_SLOT,
    [LOAD_GLOBAL] = SCOPE_MOVES | SCOPE_LOADS | SCOPE_NAMED_SLOT,
    [STORE_GLOBAL] = SCOPE_MOVES | SCOPE_STORES | SCOPE_NAMED_SLOT,
    [DELETE_GLOBAL] = SCOPE_MOVES | SCOPE_STORES | SCOPE_NAMED_SLOT,

    [BINARY_OP] = SCOPE_OPERATES,
    [COMPARE_OP] = SCOPE_OPERATES,
    [CONTAINS_OP] = SCOPE_OPERATES,
    [UNARY_INVERT] = SCOPE_OPERATES,
    [UNARY_NEGATIVE] = SCOPE_OPERATES,
    [UNARY_NOT] = SCOPE_OPERATES,
    [BUILD_MAP] = SCOPE_OPERATES,
    [BUILD_SET] = SCOPE_OPERATES,
    [LIST_APPEND] = SCOPE_MOVES,
    [SET_ADD] = SCOPE_OPERATES,
    [MAP_ADD] = SCOPE_OPERATES,
    [GET_LEN] = SCOPE_OPERATES,
    [MATCH_MAPPING] = SCOPE_MOVES,
    [MATCH_SEQUENCE] = SCOPE_MOVES,
    [CHECK_EXC_MATCH] = SCOPE_OPERATES,
    [LOAD_ATTR] = SCOPE_REACHES,
    [UNPACK_SEQUENCE] = SCOPE_REACHES,
    [FOR_ITER] = SCOPE_REACHES | SCOPE_HANDS_OVER,
    [GET_ITER] = SCOPE_OPERATES,
    [LIST_EXTEND] = SCOPE_OPERATES,
    [SET_UPDATE] = SCOPE_OPERATES,
    [DICT_UPDATE] = SCOPE_OPERATES,
    [DICT_MERGE] = SCOPE_OPERATES,
    [YIELD_VALUE] = SCOPE_MOVES | SCOPE_HANDS_OVER,
    [CALL] = SCOPE_CALLS,
    [CALL_FUNCTION_EX] = SCOPE_CALLS,
    [STORE_ATTR] = SCOPE_CHANGES,
    [DELETE_ATTR] = SCOPE_CHANGES,
    [STORE_SUBSCR] = SCOPE_CHANGES,
    [DELETE_SUBSCR] = SCOPE_CHANGES,

#if PY_VERSION_HEX < 0x030E0000
    [BINARY_SUBSCR] = SCOPE_REACHES | SCOPE_SUBSCRIBES,
    [LOAD_ASSERTION_ERROR] = SCOPE_MOVES,
#endif
#if PY_VERSION_HEX < 0x030D0000
    [FORMAT_VALUE] = SCOPE_OPERATES,
    [BUILD_CONST_KEY_MAP] = SCOPE_OPERATES,
    [LOAD_CLOSURE] = SCOPE_MOVES | SCOPE_LOADS,
    [KW_NAMES] = SCOPE_MOVES,
#else
    [LOAD_FAST_LOAD_FAST] = SCOPE_MOVES | SCOPE_LOADS | SCOPE_PAIR,
    [STORE_FAST_LOAD_FAST] = SCOPE_MOVES | SCOPE_LOADS | SCOPE_STORES | SCOPE_PAIR,
    [STORE_FAST_STORE_FAST] = SCOPE_MOVES | SCOPE_STORES | SCOPE_PAIR,
    [SET_FUNCTION_ATTRIBUTE] = SCOPE_MOVES,
    [FORMAT_SIMPLE] = SCOPE_OPERATES,
    [TO_BOOL] = SCOPE_OPERATES,
    [CALL_KW] = SCOPE_CALLS,
#endif
#if PY_VERSION_HEX < 0x030C0000
    [LOAD_METHOD] = SCOPE_REACHES,
    [LOAD_CLASSDEREF] = SCOPE_REACHES | SCOPE_LOADS,
    [UNARY_POSITIVE] = SCOPE_OPERATES,
    [LIST_TO_TUPLE] = SCOPE_MOVES,
    [PRECALL] = SCOPE_MOVES,
    [JUMP_IF_FALSE_OR_POP] = SCOPE_OPERATES,
    [JUMP_IF_TRUE_OR_POP] = SCOPE_OPERATES,
    [POP_JUMP_FORWARD_IF_FALSE] = SCOPE_OPERATES,
    [POP_JUMP_FORWARD_IF_TRUE] = SCOPE_OPERATES,
    [POP_JUMP_BACKWARD_IF_FALSE] = SCOPE_OPERATES,
    [POP_JUMP_BACKWARD_IF_TRUE] = SCOPE_OPERATES,
    [POP_JUMP_FORWARD_IF_NONE] = SCOPE_MOVES,
    [POP_JUMP_FORWARD_IF_NOT_NONE] = SCOPE_MOVES,
    [POP_JUMP_BACKWARD_IF_NONE] = SCOPE_MOVES,
    [POP_JUMP_BACKWARD_IF_NOT_NONE] = SCOPE_MOVES,
#else
    [POP_JUMP_IF_FALSE] = SCOPE_OPERATES,
    [POP_JUMP_IF_TRUE] = SCOPE_OPERATES,
    [POP_JUMP_IF_NONE] = SCOPE_MOVES,
    [POP_JUMP_IF_NOT_NONE] = SCOPE_MOVES,
    [END_FOR] = SCOPE_MOVES,
    [END_SEND] = SCOPE_MOVES,
    [BINARY_SLICE] = SCOPE_REACHES,
    [STORE_SLICE] = SCOPE_CHANGES,
    [LOAD_LOCALS] = SCOPE_MOVES,
    [LOAD_FAST_CHECK] = SCOPE_MOVES | SCOPE_LOADS,
    [LOAD_FAST_AND_CLEAR] = SCOPE_MOVES | SCOPE_LOADS | SCOPE_STORES,
    [LOAD_FROM_DICT_OR_DEREF] = SCOPE_REACHES | SCOPE_LOADS,
    [LOAD_FROM_DICT_OR_GLOBALS] = SCOPE_REACHES | SCOPE_LOADS | SCOPE_NAMED_SLOT,
#endif
#if PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030E0000
    [RETURN_CONST] = SCOPE_MOVES,
#endif
#if PY_VERSION_HEX >= 0x030E0000
    [LOAD_FAST_BORROW] = SCOPE_MOVES | SCOPE_LOADS,
    [LOAD_FAST_BORROW_LOAD_FAST_BORROW] = SCOPE_MOVES | SCOPE_LOADS | SCOPE_PAIR,
    [LOAD_SMALL_INT] = SCOPE_MOVES,
    [LOAD_COMMON_CONSTANT] = SCOPE_MOVES,
    [NOT_TAKEN] = SCOPE_MOVES,
    [POP_ITER] = SCOPE_MOVES,
#endif
};

/* Since 3.14 a subscription is one of the binary operations. */
static inline uint16_t scope_effect_of(unsigned char opcode, unsigned argument)
{
#ifdef NB_SUBSCR
    if (opcode == BINARY_OP && argument == NB_SUBSCR) {
        return SCOPE_REACHES | SCOPE_SUBSCRIBES;
    }
#else
    (void)argument;
#endif
    return scope_effects[opcode];
}

/* Whether it is an augmented assignment's, which may change its first operand. */
static inline bool scope_is_in_place(unsigned char opcode, unsigned argument)
{
    return opcode == BINARY_OP && argument >= NB_INPLACE_ADD && argument <= NB_INPLACE_XOR;
}

/* Where an instruction goes, besides into an exception's handler. Its argument says how far it jumps from behind it. */
enum scope_way { SCOPE_GOES_ON, SCOPE_MAY_JUMP, SCOPE_MAY_JUMP_BACK, SCOPE_JUMPS, SCOPE_JUMPS_BACK, SCOPE_ENDS };

static inline enum scope_way scope_way_of(unsigned char opcode)
{
    switch (opcode) {
    case FOR_ITER:
    case SEND:
#if PY_VERSION_HEX < 0x030C0000
    case JUMP_IF_FALSE_OR_POP:
    case JUMP_IF_TRUE_OR_POP:
    case POP_JUMP_FORWARD_IF_FALSE:
    case POP_JUMP_FORWARD_IF_TRUE:
    case POP_JUMP_FORWARD_IF_NONE:
    case POP_JUMP_FORWARD_IF_NOT_NONE:
#else
    case POP_JUMP_IF_FALSE:
    case POP_JUMP_IF_TRUE:
    case POP_JUMP_IF_NONE:
    case POP_JUMP_IF_NOT_NONE:
#endif
        return SCOPE_MAY_JUMP;
#if PY_VERSION_HEX < 0x030C0000
    case POP_JUMP_BACKWARD_IF_FALSE:
    case POP_JUMP_BACKWARD_IF_TRUE:
    case POP_JUMP_BACKWARD_IF_NONE:
    case POP_JUMP_BACKWARD_IF_NOT_NONE:
        return SCOPE_MAY_JUMP_BACK;
#endif
    case JUMP_FORWARD:
        return SCOPE_JUMPS;
    case JUMP_BACKWARD:
    case JUMP_BACKWARD_NO_INTERRUPT:
        return SCOPE_JUMPS_BACK;
    case RETURN_VALUE:
#if PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030E0000
    case RETURN_CONST:
#endif
    case RERAISE:
    case RAISE_VARARGS:
        return SCOPE_ENDS;
    default:
        return SCOPE_GOES_ON;
    }
}

#endif
