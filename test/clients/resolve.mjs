// Lets a program here import the packages of an installation that lies elsewhere: `--import` it, with the
// installation's directory in CLIENTS_HOME. What the program's own place offers comes first.
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const parentURL = pathToFileURL(join(process.env.CLIENTS_HOME, 'package.json')).href;

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      return next(specifier, { ...context, parentURL });
    }
  },
});
