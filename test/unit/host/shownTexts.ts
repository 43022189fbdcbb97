/**
 * The `window` of VS Code for tests that mock it: keeps what would be shown. Test files of one worker share the modules
 * that they load, and with them the first mock, so there is only one.
 */

export const shown: { readonly text: string; readonly rest: readonly unknown[] }[] = [];
export const picks: (readonly { readonly label: string }[])[] = [];

const show = async (text: string, ...rest: readonly unknown[]): Promise<undefined> => {
  shown.push({ text, rest });
  return undefined;
};

export const window = {
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
  showQuickPick: async (items: readonly { readonly label: string }[]) => {
    picks.push(items);
    return items.at(-1);
  },
};
