namespace CnnFast.Training;

/// <summary>What the lengths of a schedule are counted in.</summary>
public enum ScheduleUnit
{
    /// <summary>Whole epochs.</summary>
    Epoch,

    /// <summary>Steps (batches).</summary>
    Step,
}
