/*
 * Loads the add-on in a process with musl's loader and calls it, with the few functions of Node-API that it needs played by
 * this program: a socket is opened, bound, sent to and read. libuv is not there: `watch` must answer -ENOSYS (-38).
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct value { double number; uint8_t *bytes; size_t size; int type; };
typedef struct value *napi_value;
struct info { size_t count; napi_value arguments[5]; void *data; };
typedef napi_value (*callback)(void *env, void *info);
static struct { const char *name; callback call; void *data; } functions[32];
static int function_count;
static struct value results[64], made[64];
static int result_count, made_count;

int napi_create_int32(void *env, int32_t n, napi_value *out) { *out = &results[result_count++ % 64]; (*out)->number = n; return 0; }
int napi_get_value_double(void *env, napi_value v, double *out) { if (!v || v->bytes || v->type) return 6; *out = v->number; return 0; }
int napi_get_typedarray_info(void *env, napi_value v, int *type, size_t *size, void **data, void *b, void *o) {
  if (!v || !v->bytes) return 1;
  *type = 1; *size = v->size; *data = v->bytes; return 0;
}
int napi_get_cb_info(void *env, void *raw, size_t *count, napi_value *arguments, void *self, void **data) {
  struct info *info = raw;
  for (size_t i = 0; i < *count; i++) arguments[i] = i < info->count ? info->arguments[i] : 0;
  *data = info->data; return 0;
}
int napi_create_function(void *env, const char *name, size_t n, callback call, void *data, napi_value *out) {
  functions[function_count].name = name; functions[function_count].call = call; functions[function_count].data = data;
  made[made_count].number = function_count++; *out = &made[made_count++]; return 0;
}
int napi_set_named_property(void *env, void *object, const char *name, napi_value v) { return 0; }
int napi_set_instance_data(void *env, void *data, void *f, void *hint) { return 0; }
int napi_typeof(void *env, napi_value v, int *type) { *type = v ? v->type : 0; return 0; }
#define UNUSED(name) int name() { return 9; }
UNUSED(napi_add_async_cleanup_hook) UNUSED(napi_close_handle_scope) UNUSED(napi_create_reference) UNUSED(napi_delete_reference)
UNUSED(napi_fatal_exception) UNUSED(napi_get_and_clear_last_exception) UNUSED(napi_get_global) UNUSED(napi_get_reference_value)
UNUSED(napi_get_uv_event_loop) UNUSED(napi_make_callback) UNUSED(napi_open_handle_scope) UNUSED(napi_remove_async_cleanup_hook)

static struct value number(double n) { return (struct value){.number = n}; }
static struct value bytes(void *at, size_t size) { return (struct value){.bytes = at, .size = size}; }
static int call(const char *name, int count, struct value *arguments) {
  struct info info = {.count = (size_t)count};
  for (int i = 0; i < count; i++) info.arguments[i] = &arguments[i];
  for (int i = 0; i < function_count; i++) {
    if (strcmp(functions[i].name, name)) continue;
    info.data = functions[i].data;
    return (int)functions[i].call(0, &info)->number;
  }
  return -1000;
}

int main(int argc, char **argv) {
  void *addon = dlopen(argv[1], RTLD_NOW);
  if (!addon) { puts(dlerror()); return 1; }
  void *(*start)(void *, void *) = (void *(*)(void *, void *))dlsym(addon, "napi_register_module_v1");
  start(0, 0);
  int fd = call("socket", 3, (struct value[]){number(2), number(2), number(17)});
  _Alignas(8) uint8_t row[64] = {0}, sent[64] = {0}, got[64] = {0}, text[5] = "musl", read[16] = {0};
  row[8] = 4; row[16] = 127; row[19] = 1;
  int bound = call("bind", 2, (struct value[]){number(fd), bytes(row, 64)});
  call("name", 2, (struct value[]){number(fd), bytes(sent, 64)});
  sent[4] = 5;
  int out = call("send", 4, (struct value[]){number(fd), bytes(text, 5), bytes(sent, 64), number(1)});
  int in = call("receive", 4, (struct value[]){number(fd), bytes(read, 16), number(16), bytes(got, 64)});
  struct value function = {.type = 7};
  int watch = call("watch", 5, (struct value[]){number(fd), bytes(read, 16), number(16), bytes(got, 64), function});
  printf("functions %d, bind %d, send %d, receive %d, read %s, watch %d\n", function_count, bound, out, in, read, watch);
  return 0;
}
