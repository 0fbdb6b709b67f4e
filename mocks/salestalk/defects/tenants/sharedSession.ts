import type { Defect } from '../defect.ts';

const everyone = 'everyone';

/** A service whose sessions belong to whoever knows their id. */
export const sharedSession: Defect = {
  name: 'shared-session',
  description: "a session id that another tenant uses continues that tenant's session",
  services: (services) => ({
    ...services,
    history: {
      turns: (_, sessionId) => services.history.turns(everyone, sessionId),
      remember: (_, sessionId, turn) => services.history.remember(everyone, sessionId, turn),
    },
  }),
};
