// Runs before the first paint, which a module cannot: after a reload a signed-in user must not see the sign-in form flash.
// The key is that of session.ts.
if (sessionStorage.getItem('salestalk.token') !== null) {
  document.documentElement.dataset.view = 'chat';
}
