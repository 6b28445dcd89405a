// The least that a StoreID helper can do: every line gets a key made of its path, without looking at any rule. What a
// Squid with this helper loses against one without StoreID is the price of asking, whoever answers.
#include <string.h>
#include <unistd.h>

static const char KEY[] = " OK store-id=http://floor.squid.internal";
static char in[1 << 20], out[8 << 20];

// Channel-ID, URL, extras: answers with the channel-ID and a key of the URL's path. Returns where the answer ends.
static char *answer(char *to, const char *line, const char *end) {
  const char *id = memchr(line, ' ', end - line);
  if (!id) return to;
  const char *stop = memchr(id + 1, ' ', end - id - 1);
  if (!stop) stop = end;
  const char *path = memchr(id + 8, '/', stop > id + 8 ? stop - id - 8 : 0);
  if (!path) path = stop;
  to = mempcpy(to, line, id - line);
  to = mempcpy(to, KEY, sizeof KEY - 1);
  to = mempcpy(to, path, stop - path);
  *to++ = '\n';
  return to;
}

int main(void) {
  size_t have = 0;
  for (ssize_t got; (got = read(0, in + have, sizeof in - have)) > 0;) {
    have += got;
    char *line = in, *to = out;
    for (char *end; (end = memchr(line, '\n', in + have - line)); line = end + 1) to = answer(to, line, end);
    have -= line - in;
    memmove(in, line, have);
    for (char *from = out; from < to;) {
      ssize_t put = write(1, from, to - from);
      if (put < 0) return 0;
      from += put;
    }
  }
  return 0;
}
