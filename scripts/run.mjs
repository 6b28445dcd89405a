// node scripts/run.mjs COMMAND…  Installs when the lockfile moved, then runs COMMAND in the checkout's folder.
// Old Nodes must be able to read this file: it says in one sentence what they lack.
var version = process.versions.node.split('.').map(Number)
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write(
    'bootwire: Node ' + process.versions.node + ' is too old; Node 20.19 or newer is needed\n',
  )
  process.exit(1)
}
void import('./run/run.mjs').then(function (module) {
  return module.run(process.argv.slice(2))
})
