/* Objects in versions: which content of an object the log holds already, and the looks that compare it with what is there. */
#ifndef SCOPE_VERSIONS_H
#define SCOPE_VERSIONS_H

#include "recorder.h"

/* The bounds of a look, from a local on: how deep containers nest, how many instances stand in each other, how many objects there are. */
enum { SCOPE_LOOK_CONTAINERS = 4, SCOPE_LOOK_INSTANCES = 2, SCOPE_LOOK_OBJECTS = 64 };

/* One look: what is in reach of the values that it begins with, each object once, the nearest first. */
struct scope_look {
    struct scope_thread *thread;
    uint64_t now;  /* ticks: of all that the look writes, so that no moment lies between; 0 until something is written */
    uint32_t line; /* that did what may be noticed; 0 if not known */
    bool whole;    /* something may have changed unseen: every object is compared, not only those that are new here */
    bool shared;   /* memory was changed that other objects may see too */
    bool cut;      /* there was more in reach than is looked at */
    int next, count;
    struct scope_sight {
        PyObject *object;    /* borrowed: held by the frame, or by an object that was looked at before it */
        uint8_t containers;  /* how many containers may still nest from here */
        uint8_t instances;   /* how many instances it stands in */
        bool changed;        /* it may have been changed just now: it is compared in any case */
    } sights[SCOPE_LOOK_OBJECTS];
};

void scope_look_begin(struct scope_look *look, struct scope_thread *thread, uint32_t line, bool whole);
/* Puts down an object whose own content is looked at, and the containers in it, but no instance that it holds. */
void scope_look_add_alone(struct scope_look *look, PyObject *object, bool changed);
/* Puts down a value that stands in a frame, with those that a tuple holds. `changed`: it may have been changed just now. */
void scope_look_add(struct scope_look *look, PyObject *value, bool changed);
/* The time of what the look writes. */
uint64_t scope_look_now(struct scope_look *look);
/* Looks: writes a VERSION for each object whose content the log does not hold. */
void scope_look_run(struct scope_look *look);

/* Whether the log is taken to hold the present content of the object at an address. */
bool scope_version_is_known(uint64_t address);

/* Forgets all contents: what is looked at next is written whole. */
void scope_versions_forget(void);

#endif
