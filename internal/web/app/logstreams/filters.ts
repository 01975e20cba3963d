/** The categories of events, by what they are about. */
export const categories = [
  {
    group: 'Machines',
    items: [
      { value: 'auth.token_exchange.success', label: 'Token exchange: success' },
      { value: 'auth.token_exchange.fail', label: 'Token exchange: failure' },
    ],
  },
  {
    group: 'Management',
    items: [
      { value: 'management.success', label: 'Management API: success' },
      { value: 'management.fail', label: 'Management API: failure' },
      { value: 'system.notification', label: 'System: notification' },
      { value: 'actions', label: 'Actions' },
      { value: 'other', label: 'Other' },
    ],
  },
  {
    group: 'People',
    items: [
      { value: 'auth.login.success', label: 'Login: success' },
      { value: 'auth.login.fail', label: 'Login: failure' },
      { value: 'auth.login.notification', label: 'Login: notification' },
      { value: 'auth.logout.success', label: 'Logout: success' },
      { value: 'auth.logout.fail', label: 'Logout: failure' },
      { value: 'auth.signup.success', label: 'Signup: success' },
      { value: 'auth.signup.fail', label: 'Signup: failure' },
      { value: 'auth.silent_auth.success', label: 'Silent authentication: success' },
      { value: 'auth.silent_auth.fail', label: 'Silent authentication: failure' },
      { value: 'user.success', label: 'User: success' },
      { value: 'user.fail', label: 'User: failure' },
      { value: 'user.notification', label: 'User: notification' },
      { value: 'scim.event', label: 'SCIM' },
    ],
  },
];

/** Fields of events that may hold what is a person's. */
export const personalFields = [
  { value: 'first_name', label: 'First name' },
  { value: 'last_name', label: 'Last name' },
  { value: 'username', label: 'Username' },
  { value: 'email', label: 'Email' },
  { value: 'phone', label: 'Phone' },
  { value: 'address', label: 'Address' },
];
