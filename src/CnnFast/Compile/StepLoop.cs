using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>The loop that every run of inference goes through.</summary>
internal static class StepLoop
{
    /// <summary>Runs the steps in order.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="context">The run.</param>
    /// <param name="observer">Sees every step.</param>
    /// <param name="cancellationToken">Asked before every step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Run<TObserver>(
        PlanStep[] steps,
        scoped ref ForwardContext context,
        TObserver observer,
        CancellationToken cancellationToken)
        where TObserver : struct, IStepObserver
    {
        for (int i = 0; i < steps.Length; i++)
        {
            PlanStep step = steps[i];
            cancellationToken.ThrowIfCancellationRequested();
            observer.Before();
            context.Enter(step.Operands);
            step.Step.Run(context);
            observer.After(i, step);
        }
    }
}
