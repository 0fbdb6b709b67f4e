// Runs before the first paint, which a module cannot: a signed-in user who reloads must not see the sign-in form flash by.
// The key is that of session.ts.
if (sessionStorage.getItem('salestalk.token') !== null) {
  document.documentElement.dataset.view = 'chat';
}
