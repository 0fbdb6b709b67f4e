import {
  diagnoseAnswer,
  diagnoseFirstVisit,
  diagnoseHeap,
  diagnoseVisit,
} from '../../diagnosis/diagnoses.ts';
import type { Measured } from '../api/measured.ts';
import { measureFirstVisits } from './measureFirstVisits.ts';
import { measureLighthouse } from './measureLighthouse.ts';
import { measureLighthouseFlow } from './measureLighthouseFlow.ts';
import { measurePageAnswers } from './measurePageAnswers.ts';
import { PAGE_HEAP } from './measurePageHeap.ts';
import { measurePageResources } from './measurePageResources.ts';
import { measureRepeatVisits } from './measureRepeatVisits.ts';
import { ofPages } from './ofPages.ts';
import { AT_A_DESK, ON_A_PHONE } from './visitor.ts';

/** What is measured of the page, each once a run. */
export type PageMeasurements = {
  /** Questions asked on the page, each answer timed as it is painted, measured once a run. */
  pageAnswers: Measured;
  /** What a visit weighs and what each question leaves behind in the page, measured once a run. */
  pageResources: Measured;
  /** What Lighthouse says of the page, run after run, measured once a run. */
  lighthouse: Measured;
  /** First visits, with a sign-in and a question, at a desk and on a phone; each measured once a run. */
  desktopVisits: Measured;
  phoneVisits: Measured;
  /** Second visits, likewise. */
  desktopRepeatVisits: Measured;
  phoneRepeatVisits: Measured;
  /** What Lighthouse says of a first visit on a phone and of the question that follows, flow after flow, measured once a run. */
  lighthouseFlow: Measured;
};

export const pageMeasurements = {
  pageAnswers: ofPages(measurePageAnswers, diagnoseAnswer),
  pageResources: ofPages(measurePageResources, (pages, objective) =>
    (objective.workload === PAGE_HEAP ? diagnoseHeap : diagnoseVisit)(pages, objective),
  ),
  lighthouse: ofPages(measureLighthouse, diagnoseVisit),
  desktopVisits: ofPages(
    (pages) => measureFirstVisits(AT_A_DESK, pages),
    diagnoseFirstVisit(AT_A_DESK),
  ),
  phoneVisits: ofPages(
    (pages) => measureFirstVisits(ON_A_PHONE, pages),
    diagnoseFirstVisit(ON_A_PHONE),
  ),
  desktopRepeatVisits: ofPages(
    (pages) => measureRepeatVisits(AT_A_DESK, pages),
    diagnoseFirstVisit(AT_A_DESK),
  ),
  phoneRepeatVisits: ofPages(
    (pages) => measureRepeatVisits(ON_A_PHONE, pages),
    diagnoseFirstVisit(ON_A_PHONE),
  ),
  lighthouseFlow: ofPages(measureLighthouseFlow, diagnoseFirstVisit(ON_A_PHONE)),
};
