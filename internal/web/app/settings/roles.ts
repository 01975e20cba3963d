/** The roles of members, as the console's own interface names them. */
export const roles = [
  { value: 'owner', label: 'Owner' },
  { value: 'admin', label: 'Admin' },
  { value: 'editor_specific_apps', label: 'Editor: specific apps' },
  { value: 'editor_key_management', label: 'Editor: key management' },
  { value: 'editor_organizations', label: 'Editor: organizations' },
  { value: 'editor_connections', label: 'Editor: connections' },
  { value: 'editor_users', label: 'Editor: users' },
  { value: 'viewer_config', label: 'Viewer: configuration settings' },
  { value: 'viewer_users', label: 'Viewer: users' },
  { value: 'elevated_support', label: 'Elevated support access' },
];

export function roleLabel(role: string): string {
  return roles.find((r) => r.value === role)?.label ?? role;
}

/** Whether a role may invite and remove people. The server decides; this only hides what it would refuse. */
export function managesMembers(role: string): boolean {
  return role === 'owner' || role === 'admin';
}
