namespace CnnFast.Compile;

/// <summary>Nobody sees the steps.</summary>
internal readonly struct Unobserved : IStepObserver
{
    public void Before()
    {
    }

    public void After(int index, PlanStep step)
    {
    }
}
