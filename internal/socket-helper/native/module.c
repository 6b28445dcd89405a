/*
 * What JavaScript sees: functions that take numbers and Uint8Arrays and answer a number, at least 0 or -errno. Arguments of
 * another type or size are -EINVAL, descriptors that are no socket -EBADF or -ENOTSOCK. Nothing throws.
 */
#include "helper.h"

enum { PAGE_BYTES = 4096, MAX_ARGUMENTS = 5, MAX_OPTION_BYTES = 256 };

/* The compiler may call these for assignments of structs. */
__attribute__((visibility("hidden"), used)) void *memset(void *to, int value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) ((uint8_t *)to)[i] = (uint8_t)value;
  return to;
}

__attribute__((visibility("hidden"), used)) void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
  return to;
}

void *pages(size_t bytes) {
  long at = call6(SYS_MMAP, 0, (long)bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  return at < 0 && at > -PAGE_BYTES ? 0 : (void *)at;
}

void free_pages(void *at, size_t bytes) { CALL3(SYS_MUNMAP, at, bytes, 0); }

bool int_of(napi_env env, napi_value value, int32_t *result) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) return false;
  if (!(number >= INT32_MIN && number <= INT32_MAX)) return false;
  *result = (int32_t)number;
  return (double)*result == number;
}

bool bytes_of(napi_env env, napi_value value, uint8_t **bytes, size_t *size) {
  int type;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, size, &data, 0, 0) != napi_ok || type != napi_uint8_array) return false;
  *bytes = data;
  return true;
}

bool rows_of(napi_env env, napi_value value, struct row **rows, size_t *count) {
  uint8_t *bytes;
  size_t size;
  if (!bytes_of(env, value, &bytes, &size) || (uintptr_t)bytes % _Alignof(struct row) != 0) return false;
  *rows = (void *)bytes;
  *count = size / sizeof **rows;
  return size % sizeof **rows == 0;
}

int type_of_socket(int fd) {
  int type = 0, length = sizeof type;
  long result = CALL5(SYS_GETSOCKOPT, fd, SOL_SOCKET, SO_TYPE, &type, &length);
  return result < 0 ? (int)result : type;
}

struct call {
  napi_env env;
  struct state *state;
  napi_value arguments[MAX_ARGUMENTS];
};

static int do_socket(struct call *call) {
  int32_t family, type, protocol;
  if (!int_of(call->env, call->arguments[0], &family) || !int_of(call->env, call->arguments[1], &type) ||
      !int_of(call->env, call->arguments[2], &protocol) || (family != AF_INET && family != AF_INET6) ||
      (type != SOCK_DGRAM && type != SOCK_RAW))
    return -EINVAL;
  return (int)CALL3(SYS_SOCKET, family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static int do_close(struct call *call) {
  int32_t fd;
  if (!int_of(call->env, call->arguments[0], &fd)) return -EINVAL;
  int type = type_of_socket(fd);
  return type < 0 ? type : (int)CALL3(SYS_CLOSE, fd, 0, 0);
}

static int do_set_option(struct call *call) {
  int32_t fd, level, name, number;
  uint8_t *bytes;
  size_t size;
  if (!int_of(call->env, call->arguments[0], &fd) || !int_of(call->env, call->arguments[1], &level) ||
      !int_of(call->env, call->arguments[2], &name))
    return -EINVAL;
  if (int_of(call->env, call->arguments[3], &number))
    return (int)CALL5(SYS_SETSOCKOPT, fd, level, name, &number, sizeof number);
  if (!bytes_of(call->env, call->arguments[3], &bytes, &size) || size > MAX_OPTION_BYTES) return -EINVAL;
  return (int)CALL5(SYS_SETSOCKOPT, fd, level, name, bytes, size);
}

static int do_get_option(struct call *call) {
  int32_t fd, level, name, number = 0;
  int length = sizeof number;
  if (!int_of(call->env, call->arguments[0], &fd) || !int_of(call->env, call->arguments[1], &level) ||
      !int_of(call->env, call->arguments[2], &name))
    return -EINVAL;
  long result = CALL5(SYS_GETSOCKOPT, fd, level, name, &number, &length);
  return result < 0 ? (int)result : number;
}

/* The one row says family, address, port and scope. */
static int do_bind(struct call *call) {
  int32_t fd;
  struct row *row;
  size_t count;
  if (!int_of(call->env, call->arguments[0], &fd) || !rows_of(call->env, call->arguments[1], &row, &count) || count != 1 ||
      (row->family != 4 && row->family != 6))
    return -EINVAL;
  struct socket_address name = {.family = row->family == 4 ? AF_INET : AF_INET6, .port = swapped(row->port)};
  uint8_t *to = row->family == 4 ? name.ipv4 : name.ipv6.address;
  for (int i = 0; i < (row->family == 4 ? 4 : 16); i++) to[i] = row->address[i];
  if (row->family == 6) name.ipv6.scope = row->scope;
  return (int)CALL3(SYS_BIND, fd, &name, row->family == 4 ? IPV4_NAME_BYTES : IPV6_NAME_BYTES);
}

static int do_name(struct call *call) {
  int32_t fd;
  struct row *row;
  size_t count;
  if (!int_of(call->env, call->arguments[0], &fd) || !rows_of(call->env, call->arguments[1], &row, &count) || count != 1)
    return -EINVAL;
  return name_of(fd, row);
}

struct interface_request {
  char name[INTERFACE_NAME_BYTES];
  int index;
  uint8_t unused[20];
};

static int ask_interface(int command, struct interface_request *request) {
  long fd = CALL3(SYS_SOCKET, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd == -97 /* EAFNOSUPPORT: no IPv4 */) fd = CALL3(SYS_SOCKET, AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return (int)fd;
  long result = CALL3(SYS_IOCTL, fd, command, request);
  CALL3(SYS_CLOSE, fd, 0, 0);
  return (int)result;
}

static int do_interface_index(struct call *call) {
  struct interface_request request = {0};
  uint8_t *bytes;
  size_t size;
  if (!bytes_of(call->env, call->arguments[0], &bytes, &size) || size == 0 || size >= INTERFACE_NAME_BYTES) return -EINVAL;
  for (size_t i = 0; i < size; i++) request.name[i] = (char)bytes[i];
  int result = ask_interface(SIOCGIFINDEX, &request);
  return result < 0 ? result : request.index;
}

/* Writes the name into the bytes; answers its length. */
static int do_interface_name(struct call *call) {
  struct interface_request request = {0};
  uint8_t *bytes;
  size_t size;
  if (!int_of(call->env, call->arguments[0], &request.index) || !bytes_of(call->env, call->arguments[1], &bytes, &size) ||
      size < INTERFACE_NAME_BYTES)
    return -EINVAL;
  int result = ask_interface(SIOCGIFNAME, &request), length = 0;
  if (result < 0) return result;
  for (; length < INTERFACE_NAME_BYTES && request.name[length]; length++) bytes[length] = (uint8_t)request.name[length];
  return length;
}

static int do_send(struct call *call) {
  int32_t fd, wanted;
  uint8_t *bytes;
  size_t size, count;
  struct row *rows;
  if (!int_of(call->env, call->arguments[0], &fd) || !bytes_of(call->env, call->arguments[1], &bytes, &size) ||
      !rows_of(call->env, call->arguments[2], &rows, &count) || !int_of(call->env, call->arguments[3], &wanted) ||
      wanted < 0 || (size_t)wanted > count)
    return -EINVAL;
  return send_rows(fd, bytes, size, rows, (size_t)wanted);
}

static int do_receive(struct call *call) {
  int32_t fd, slot;
  uint8_t *bytes;
  size_t size, count;
  struct row *rows;
  if (!int_of(call->env, call->arguments[0], &fd) || !bytes_of(call->env, call->arguments[1], &bytes, &size) ||
      !int_of(call->env, call->arguments[2], &slot) || slot <= 0 || !rows_of(call->env, call->arguments[3], &rows, &count))
    return -EINVAL;
  return receive_rows(fd, bytes, size, (size_t)slot, rows, count);
}

static int do_watch(struct call *call) { return watch_start(call->env, call->state, call->arguments); }

static int do_unwatch(struct call *call) {
  int32_t id;
  return int_of(call->env, call->arguments[0], &id) ? watch_stop(call->state, id) : -EINVAL;
}

typedef int (*implementation)(struct call *);

/* Missing arguments are `undefined`, which no implementation takes. */
static napi_value answer(napi_env env, napi_callback_info info, implementation function) {
  struct call call = {.env = env};
  size_t count = MAX_ARGUMENTS;
  void *data;
  napi_value result = 0;
  if (napi_get_cb_info(env, info, &count, call.arguments, 0, &data) != napi_ok) return 0;
  call.state = data;
  napi_create_int32(env, function(&call), &result);
  return result;
}

#define EXPORTS(each)                                                                                                       \
  each(socket) each(close) each(set_option) each(get_option) each(bind) each(name) each(interface_index)                    \
      each(interface_name) each(send) each(receive) each(watch) each(unwatch)

#define DEFINE(name)                                                                                                        \
  static napi_value js_##name(napi_env env, napi_callback_info info) { return answer(env, info, do_##name); }
EXPORTS(DEFINE)

static void on_end(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free_pages(data, PAGE_BYTES);
}

#define ADD(name)                                                                                                           \
  if (napi_create_function(env, #name, sizeof #name - 1, js_##name, state, &function) != napi_ok ||                         \
      napi_set_named_property(env, exports, #name, function) != napi_ok)                                                    \
    return exports;

__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  struct state *state = pages(PAGE_BYTES);
  if (!state) return exports;
  if (napi_set_instance_data(env, state, on_end, 0) != napi_ok) {
    free_pages(state, PAGE_BYTES);
    return exports;
  }
  EXPORTS(ADD)
  return exports;
}
