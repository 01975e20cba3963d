import { lookAtAll } from '../views.mjs';

lookAtAll(390);
