// A provider of OpenID Connect for the tests: `node provider.mjs LIBRARY REDIRECT`.
//
// Everyone may sign in under any name; the name is the subject. It prints its address.
import http from 'node:http';

const [library, redirect] = process.argv.slice(2);
const { default: Provider } = await import(library);
const server = http.createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'brightline',
    client_secret: 'a secret: with+odd letters%',
    redirect_uris: [redirect],
    grant_types: ['authorization_code'],
    response_types: ['code'],
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({
      sub,
      email: `${sub}@City.example`,
      email_verified: !sub.startsWith('unverified'),
    }),
  }),
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
});

server.on('request', provider.callback());
console.log(issuer);
