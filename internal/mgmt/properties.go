package mgmt

import (
	"reflect"
	"strings"
)

// propertyNames are the JSON names of T's fields, in order.
func propertyNames[T any]() []string {
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
