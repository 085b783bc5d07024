// Makes a clone ready to run: installs the dependencies when the lock changed, the pinned Node among them; with `infra`
// as argument also those of the infrastructure, which only its own scripts and the tests need.
// Runs before every npm script, on whatever Node is there (18 or later); prints to stderr only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
/** Each place of its own: the manifests and the lock that an installation depends on, relative to it. */
const places = {
  '.': ['package.json', 'runtime/package.json', 'package-lock.json'],
  infra: ['package.json', 'package-lock.json'],
};

const stampOf = (place) => join(root, place, 'node_modules', '.sallyport-installed');

/** What an installation depends on: the manifests, the lock and the platform. */
function fingerprint(place) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of places[place]) hash.update(readFileSync(join(root, place, file)));
  return hash.digest('hex');
}

function isInstalled(place) {
  const stamp = stampOf(place);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(place);
}

function install(place) {
  const what = place === '.' ? 'dependencies' : `dependencies of ${place}`;
  process.stderr.write(`sallyport: installing ${what} (first run, or the lock changed) …\n`);
  // `npm install`, not `npm ci`: a registry that lacks some platform's package makes a lock that `npm ci` refuses.
  // `--no-save` leaves package.json and the lock as they were committed.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: join(root, place), stdio: ['ignore', process.stderr.fd, process.stderr.fd] };
  const result =
    npm !== undefined && /\.[cm]?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write('sallyport: installing failed; the lines above say why.\n');
    process.exit(2);
  }
}

/** npm scripts find `node_modules/.bin/node` first. Where the registry had none for this platform, the own Node must do. */
function checkNode() {
  const pinned = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (existsSync(pinned) || major > 22 || (major === 22 && minor >= 19)) return;
  process.stderr.write(
    `sallyport: no pinned Node for ${process.platform}-${process.arch} was found, and this is Node ` +
      `${process.versions.node}. Install Node 24 (22.19 or later will do) and run the command again.\n`,
  );
  process.exit(2);
}

for (const place of ['.', ...process.argv.slice(2)]) {
  if (isInstalled(place)) continue;
  install(place);
  checkNode();
  writeFileSync(stampOf(place), fingerprint(place));
}
