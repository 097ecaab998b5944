namespace CnnFast.Training;

/// <summary>Refuses options of schedules.</summary>
internal static class ScheduleCheck
{
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="holds"/> is false.</exception>
    public static void Require(bool holds, string schedule, string option, double value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"{schedule}: {option} is {value}; expected {expected}."));
    }

    /// <exception cref="ArgumentOutOfRangeException">The unit is none.</exception>
    public static void Unit(string schedule, ScheduleUnit unit) =>
        Require(unit is ScheduleUnit.Epoch or ScheduleUnit.Step, schedule, nameof(unit), (int)unit, "Epoch or Step");
}
