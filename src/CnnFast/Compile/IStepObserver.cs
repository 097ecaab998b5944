namespace CnnFast.Compile;

/// <summary>Sees the steps of a run. A structure, so that the loop is compiled for it and nobody who looks costs nothing.</summary>
internal interface IStepObserver
{
    /// <summary>Before a step.</summary>
    void Before();

    /// <summary>After a step.</summary>
    /// <param name="index">Which of the plan's.</param>
    /// <param name="step">The step.</param>
    void After(int index, PlanStep step);
}
