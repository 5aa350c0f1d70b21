def load():
    return [{"id": n, "tags": [], "parent": None} for n in range(4)]

def link(records):
    by_id = {record["id"]: record for record in records}
    for record in records[1:]:
        record["parent"] = by_id[record["id"] // 2]
        record["parent"]["tags"].append(record["id"])
    return by_id

def prune(records, by_id):
    for record in list(records):
        if not record["tags"]:
            records.remove(record)
            by_id.pop(record["id"])["parent"] = None
    return len(records)

records = load()
by_id = link(records)
left = prune(records, by_id)
records[0]["tags"].clear()
log.append((left, sorted(by_id), [record["id"] for record in records]))
