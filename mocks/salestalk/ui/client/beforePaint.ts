// A module would run after the first paint, and a signed-in user would see the sign-in form for a moment.
// The key is that of signIn.ts.
if (sessionStorage.getItem('salestalk.token') !== null) {
  document.documentElement.dataset.view = 'chat';
}
