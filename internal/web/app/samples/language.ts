import type { LocalCA } from '../api/types';
import type { Grammar } from './highlight';

/** What a sample is written with. Each language quotes the values for itself. */
export interface SampleValues {
  /** The tenant's: `acme.example.com`, with a port where it has one. */
  domain: string;
  clientID: string;
  audience: string;
  /** Where the API is called. The audience is a name, never an address. */
  apiURL: string;
  /** Put into the text. Absent = the program reads WRIT_CLIENT_SECRET from its environment. */
  secret?: string;
}

/** One language's samples: whole programs, which end with a code other than 0 when no token or no answer comes. */
export interface Language {
  id: string;
  label: string;
  /** What has to be installed. */
  needs: string;
  /** The name that the commands expect the sample to be saved under. */
  file: string;
  /** Asks for a token and calls the API with it. */
  once: (values: SampleValues) => string;
  /** Keeps the token until a minute before it expires, and asks for a new one when the API refuses it. */
  kept: (values: SampleValues) => string;
  /** How long `kept` keeps it. */
  keeps: string;
  /** The commands that run the file. */
  run: string[];
  /** The commands that come first where writ's certificate is of its own CA. Default none. */
  trust?: (ca: LocalCA) => string[];
  /** In place of run in that case. */
  runTrusting?: (ca: LocalCA) => string[];
  grammar: Grammar;
}

/** What `keeps` says of the languages whose programs run on. */
export const inMemory = 'The token is kept in memory: three calls at once share one.';

/** What `keeps` says of those that start anew each time. */
export const inFile = 'The token is kept in a file that only you can read, so that the next run needs none.';
