import { type Form, SelectField } from '../forms/fields';
import { algorithms, dialects } from './words';

/** What an API's tokens say, and how they are signed. */
export function TokenFields<V extends { token_dialect: string; signing_alg: string }>({ edit }: { edit: Form<V> }) {
  return (
    <>
      <SelectField
        edit={edit}
        name="token_dialect"
        label="Token profile"
        description="What the claims of its tokens look like."
        data={dialects}
      />
      <SelectField edit={edit} name="signing_alg" label="Signing algorithm" data={algorithms} />
    </>
  );
}
