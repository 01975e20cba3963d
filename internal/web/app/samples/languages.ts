import { csharp } from './csharp';
import { curl } from './curl';
import { go } from './go';
import { java } from './java';
import type { Language } from './language';
import { node } from './node';
import { objectivec } from './objectivec';
import { php } from './php';
import { python } from './python';
import { ruby } from './ruby';
import { swift } from './swift';

/** All languages, in the order of the guide. */
export const languages: Language[] = [curl, csharp, go, java, node, objectivec, php, python, ruby, swift];
