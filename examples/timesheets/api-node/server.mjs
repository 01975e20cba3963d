// The Timesheets API: it lets a request in whose bearer token was issued for it and carries the scope.
import express from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';

const { ISSUER, AUDIENCE, ADDRESS } = process.env;
const [host, port] = ADDRESS.split(':');

const app = express();
// Discovery and keys are fetched when first needed and kept; a rotation publishes the next key long before it signs.
const authenticated = auth({ issuerBaseURL: ISSUER, audience: AUDIENCE, tokenSigningAlg: 'RS256' });

app.get('/timesheets', authenticated, requiredScopes('read:timesheets'), (req, res) => {
  res.json({ message: 'Employee 007 has 14 timesheets.' });
});

app.post('/timesheets/upload', authenticated, requiredScopes('batch:upload'), (req, res) => {
  res.status(201).json({ message: 'Created timesheet 14 for employee 007.' });
});

// The middleware's errors carry the status and the WWW-Authenticate header: 401 invalid_token, 403 insufficient_scope.
app.use((err, req, res, next) => {
  res.status(err.status ?? 500).set(err.headers ?? {}).json({ message: err.status ? err.message : 'Internal error.' });
});

app.listen(Number(port), host);
