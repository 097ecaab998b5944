using System.Runtime.CompilerServices;

namespace CnnFast.Training;

/// <summary>Arguments that have to be there before a constructor hands them on.</summary>
internal static class Given
{
    /// <summary>The argument.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static T NotNull<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }
}
