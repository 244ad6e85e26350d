//go:build js && wasm

package main

import "sync"

// A table holds what has not ended yet, by its number.
type table[T any] struct {
	lock    sync.Mutex
	entries map[uint32]T
}

func newTable[T any]() table[T] {
	return table[T]{entries: make(map[uint32]T)}
}

func (t *table[T]) put(id uint32, entry T) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.entries[id] = entry
}

// get is the zero value for what has ended.
func (t *table[T]) get(id uint32) T {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.entries[id]
}

func (t *table[T]) remove(id uint32) {
	t.lock.Lock()
	defer t.lock.Unlock()
	delete(t.entries, id)
}

func (t *table[T]) size() int {
	t.lock.Lock()
	defer t.lock.Unlock()
	return len(t.entries)
}

func (t *table[T]) all() []T {
	t.lock.Lock()
	defer t.lock.Unlock()
	all := make([]T, 0, len(t.entries))
	for _, entry := range t.entries {
		all = append(all, entry)
	}
	return all
}
