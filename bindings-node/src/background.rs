//! Work off the event loop.

use napi::bindgen_prelude::{AsyncTask, ToNapiValue, TypeName};
use napi::{Env, Task};
use scoreline::{Error, Result};

use crate::error::Fault;
use crate::guard::guard;

/// Work that runs on a thread of Node's pool, and what becomes of its result on the main thread.
pub trait Work: Send + Sized {
    type Output: Send + 'static;
    type Answer: ToNapiValue + TypeName;

    fn run(&mut self) -> Result<Self::Output>;

    fn answer(&mut self, env: Env, output: Self::Output) -> napi::Result<Self::Answer>;
}

/// A promise of what `W` gives. Wrong arguments reject it.
pub struct Background<W>(Result<W>);

impl<W: Work> Background<W> {
    pub(crate) fn start(work: std::result::Result<W, Fault>) -> std::result::Result<AsyncTask<Self>, Fault> {
        match work {
            Ok(work) => Ok(AsyncTask::new(Background(Ok(work)))),
            Err(Fault::Library(error)) => Ok(AsyncTask::new(Background(Err(error)))),
            Err(fault) => Err(fault),
        }
    }
}

impl<W: Work> Task for Background<W> {
    type Output = Result<W::Output>;
    type JsValue = W::Answer;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        caught(|| match &mut self.0 {
            Ok(work) => work.run(),
            Err(error) => Err(error.clone()),
        })
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> napi::Result<W::Answer> {
        guard(env, || match &mut self.0 {
            Ok(work) => Ok(work.answer(env, output?)?),
            Err(error) => Err(error.clone().into()),
        })
    }
}

/// An error of the library is the task's output: only the main thread can make it an error of JavaScript.
fn caught<T>(body: impl FnOnce() -> Result<T>) -> napi::Result<std::result::Result<T, Error>> {
    Ok(crate::caught::caught(body))
}
