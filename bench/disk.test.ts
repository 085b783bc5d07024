import { expect, it } from 'vitest';
import { findMount } from './disk.ts';

const mounts = [
  'overlay / overlay rw 0 0',
  '/dev/sda1 /work ext4 rw 0 0',
  'tmpfs /work/fast tmpfs rw 0 0',
  '/dev/sdb1 /work/fast xfs rw 0 0',
  'tmpfs /tmp tmpfs rw 0 0',
  '',
].join('\n');

it.each([
  ['/home/someone', 'overlay', 'overlay'],
  ['/work', 'ext4', '/dev/sda1'],
  ['/work/repository/bench', 'ext4', '/dev/sda1'],
  ['/workshop', 'overlay', 'overlay'],
  ['/work/fast/data', 'xfs', '/dev/sdb1'],
  ['/tmp/x', 'tmpfs', 'tmpfs'],
])('finds what %s lies on', (path, type, device) => {
  expect(findMount(path, mounts)).toEqual({ type, device });
});
