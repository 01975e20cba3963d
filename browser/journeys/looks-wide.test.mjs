import { lookAtAll } from '../views.mjs';

lookAtAll(1440);
