/*
 * Calls JavaScript when datagrams have arrived, with the datagrams already read: libuv's own poll on a duplicate of the
 * descriptor. A `node:dgram` socket on the same descriptor stops reading, by libuv's own call, and goes on sending and closing.
 */
#include "helper.h"

enum { PAGE_BYTES = 4096 };

struct watch {
  napi_env env;
  napi_ref callback, bytes, rows;
  napi_async_cleanup_hook_handle hook;
  struct watch *next;
  struct state *state;
  size_t slot;
  int32_t id;
  int fd;
  bool closing;
  _Alignas(16) uint8_t handle[];
};

static bool same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

/* Whether this `node` exports a libuv whose numbers of handle types are the known ones. */
static bool has_libuv(void) {
  if (!uv_close || !uv_fileno || !uv_handle_get_data || !uv_handle_get_type || !uv_handle_set_data || !uv_handle_size ||
      !uv_handle_type_name || !uv_poll_init || !uv_poll_start || !uv_poll_stop || !uv_udp_recv_stop || !uv_walk)
    return false;
  const char *poll = uv_handle_type_name(UV_POLL), *udp = uv_handle_type_name(UV_UDP);
  return poll && udp && same(poll, "poll") && same(udp, "udp") &&
         sizeof(struct watch) + uv_handle_size(UV_POLL) <= PAGE_BYTES;
}

static void stop_reading(void *handle, void *data) {
  int fd;
  if (uv_handle_get_type(handle) == UV_UDP && uv_fileno(handle, &fd) == 0 && fd == *(int *)data) uv_udp_recv_stop(handle);
}

static void on_closed(void *handle) {
  struct watch *watch = uv_handle_get_data(handle);
  napi_remove_async_cleanup_hook(watch->hook);
  free_pages(watch, PAGE_BYTES);
}

static void close_watch(struct watch *watch) {
  if (watch->closing) return;
  watch->closing = true;
  struct watch **link = &watch->state->watches;
  while (*link != watch) link = &(*link)->next;
  *link = watch->next;
  napi_delete_reference(watch->env, watch->callback);
  napi_delete_reference(watch->env, watch->bytes);
  napi_delete_reference(watch->env, watch->rows);
  uv_close(watch->handle, on_closed);
  CALL3(SYS_CLOSE, watch->fd, 0, 0);
}

/* The environment ends (a worker, the process): it waits until the hook is removed, which `on_closed` does. */
static void on_cleanup(napi_async_cleanup_hook_handle hook, void *data) {
  (void)hook;
  close_watch(data);
}

static int received(struct watch *watch) {
  napi_value bytes_value, rows_value;
  uint8_t *bytes;
  size_t size, count;
  struct row *rows;
  if (napi_get_reference_value(watch->env, watch->bytes, &bytes_value) != napi_ok ||
      napi_get_reference_value(watch->env, watch->rows, &rows_value) != napi_ok ||
      !bytes_of(watch->env, bytes_value, &bytes, &size) || !rows_of(watch->env, rows_value, &rows, &count))
    return -EINVAL;
  return receive_rows(watch->fd, bytes, size, watch->slot, rows, count);
}

static void call_back(struct watch *watch, int result) {
  napi_env env = watch->env;
  napi_value callback, global, argument, error;
  if (napi_get_reference_value(env, watch->callback, &callback) != napi_ok || napi_get_global(env, &global) != napi_ok ||
      napi_create_int32(env, result, &argument) != napi_ok)
    return;
  int status = napi_make_callback(env, NULL, global, callback, 1, &argument, NULL);
  if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
}

static void on_ready(void *handle, int status, int events) {
  (void)events;
  struct watch *watch = uv_handle_get_data(handle);
  napi_handle_scope scope;
  if (napi_open_handle_scope(watch->env, &scope) != napi_ok) return;
  int result;
  if (status < 0) {
    /* libuv stops polling when the socket has an error (an ICMP answer). It is fetched, which clears it, and polling goes on. */
    int error = 0, length = sizeof error;
    long got = CALL5(SYS_GETSOCKOPT, watch->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    result = got < 0 ? (int)got : error != 0 ? -error : -EAGAIN;
    if (got == 0) uv_poll_start(watch->handle, UV_READABLE, on_ready);
  } else {
    result = received(watch);
  }
  if (result != -EAGAIN && result != 0) call_back(watch, result);
  napi_close_handle_scope(watch->env, scope);
}

static int start(napi_env env, void *loop, struct watch *watch, const napi_value *arguments) {
  int error = uv_poll_init(loop, watch->handle, watch->fd);
  if (error) {
    CALL3(SYS_CLOSE, watch->fd, 0, 0);
    free_pages(watch, PAGE_BYTES);
    return error;
  }
  watch->next = watch->state->watches;
  watch->state->watches = watch;
  uv_handle_set_data(watch->handle, watch);
  /* These fail only when memory is out or the environment is ending. */
  if (napi_create_reference(env, arguments[1], 1, &watch->bytes) != napi_ok ||
      napi_create_reference(env, arguments[3], 1, &watch->rows) != napi_ok ||
      napi_create_reference(env, arguments[4], 1, &watch->callback) != napi_ok ||
      napi_add_async_cleanup_hook(env, on_cleanup, watch, &watch->hook) != napi_ok ||
      uv_poll_start(watch->handle, UV_READABLE, on_ready) != 0) {
    close_watch(watch);
    return -ENOMEM;
  }
  return watch->id;
}

int watch_start(napi_env env, struct state *state, const napi_value *arguments) {
  int32_t fd, slot;
  uint8_t *bytes;
  size_t size, count;
  struct row *rows;
  int type;
  void *loop;
  if (!int_of(env, arguments[0], &fd) || !bytes_of(env, arguments[1], &bytes, &size) ||
      !int_of(env, arguments[2], &slot) || !rows_of(env, arguments[3], &rows, &count) || slot <= 0 || count == 0 ||
      size / (size_t)slot < count || size > UINT32_MAX || napi_typeof(env, arguments[4], &type) != napi_ok ||
      type != napi_function)
    return -EINVAL;
  if (!has_libuv() || napi_get_uv_event_loop(env, &loop) != napi_ok) return -ENOSYS;
  type = type_of_socket(fd);
  if (type < 0) return type;
  struct watch *watch = pages(PAGE_BYTES);
  if (!watch) return -ENOMEM;
  long duplicate = CALL3(SYS_FCNTL, fd, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) {
    free_pages(watch, PAGE_BYTES);
    return (int)duplicate;
  }
  *watch = (struct watch){.env = env, .state = state, .slot = (size_t)slot, .fd = (int)duplicate, .id = ++state->last_id};
  uv_walk(loop, stop_reading, &fd);
  return start(env, loop, watch, arguments);
}

int watch_stop(struct state *state, int32_t id) {
  for (struct watch *watch = state->watches; watch; watch = watch->next) {
    if (watch->id != id) continue;
    close_watch(watch);
    return 0;
  }
  return -EBADF;
}
