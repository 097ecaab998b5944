using System.IO.Enumeration;

namespace CnnFast.Training;

/// <summary>
/// Parameters that an optimizer treats in a way of their own, by the pattern of their names and by their role. Groups stand in a list: a
/// parameter is in the first one that fits it, and one that none fits has the learning rate as it is, and weight decay where it is a
/// filter. Immutable.
/// </summary>
public sealed record ParameterGroup
{
    /// <summary>Names the parameters.</summary>
    /// <param name="pattern">
    /// A pattern of their names, such as <c>conv2d_*.filter</c>: * stands for any text, ? for any character, and case counts.
    /// </param>
    /// <param name="role">Their role; null means any.</param>
    /// <exception cref="ArgumentException">The pattern is empty, or the role is a statistic, which no optimizer touches.</exception>
    public ParameterGroup(string pattern, ParameterRole? role = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (role is { } given and not (ParameterRole.Filter or ParameterRole.Bias or ParameterRole.Scale))
            throw new ArgumentException($"ParameterGroup '{pattern}': role is {given}; expected Filter, Bias or Scale.", nameof(role));
        Pattern = pattern;
        Role = role;
    }

    /// <summary>The pattern of the names.</summary>
    public string Pattern { get; }

    /// <summary>The role; null means any.</summary>
    public ParameterRole? Role { get; }

    /// <summary>What the learning rate is multiplied by: finite, at least 0; 1, the default, leaves it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float LearningRateFactor
    {
        get;
        init => field = RequireFactor(nameof(LearningRateFactor), value);
    }

    = 1;

    /// <summary>
    /// What the optimizer's weight decay is multiplied by: finite, at least 0, 0 for none. Null, the default, is 1 for filters and 0 for
    /// all others.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public float? DecayFactor
    {
        get;
        init => field = value is { } factor ? RequireFactor(nameof(DecayFactor), factor) : null;
    }

    private string Title => $"'{Pattern}'{(Role is { } role ? $" of role {role}" : "")}";

    /// <summary>The group of every parameter; null where none fits.</summary>
    /// <exception cref="ArgumentException">A group fits no parameter, or none that is not in an earlier group.</exception>
    internal static ParameterGroup?[] Assign(IReadOnlyList<ParameterGroup> groups, IReadOnlyList<Parameter> parameters)
    {
        foreach (ParameterGroup group in groups)
        {
            if (!parameters.Any(group.Fits))
                throw new ArgumentException($"ParameterGroup {group.Title} fits no parameter; expected a pattern of their names: " +
                    $"{Some(parameters)}.", nameof(groups));
        }

        ParameterGroup?[] assigned = [.. parameters.Select(parameter => groups.FirstOrDefault(group => group.Fits(parameter)))];
        foreach (ParameterGroup group in groups)
        {
            if (!assigned.Contains(group))
                throw new ArgumentException($"ParameterGroup {group.Title}: every parameter that it fits is in an earlier group, such as " +
                    $"{assigned[Array.FindIndex([.. parameters], group.Fits)]!.Title}; expected special groups before general ones.",
                    nameof(groups));
        }

        return assigned;
    }

    private static string Some(IReadOnlyList<Parameter> parameters)
    {
        const int Most = 8;
        string[] names = [.. parameters.Where(parameter => !parameter.Info.IsStatistic).Select(parameter => parameter.Name)];
        return string.Join(", ", names.Take(Most)) + (names.Length > Most ? ", …" : "");
    }

    private bool Fits(Parameter parameter) => !parameter.Info.IsStatistic
        && (Role is null || Role == parameter.Role)
        && FileSystemName.MatchesSimpleExpression(Pattern, parameter.Name, ignoreCase: false);

    private float RequireFactor(string option, float factor) => float.IsFinite(factor) && factor >= 0
        ? factor
        : throw new ArgumentOutOfRangeException(option, FormattableString.Invariant(
            $"ParameterGroup '{Pattern}': {option} is {factor}; expected a finite number of at least 0."));
}
