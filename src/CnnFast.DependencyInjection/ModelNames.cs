namespace CnnFast.DependencyInjection;

/// <summary>The names that a collection of services has models for; frozen in use once the container is built.</summary>
internal sealed class ModelNames
{
    private readonly List<string> _named = [];

    public bool HasDefault { get; private set; }

    public IReadOnlyList<string> Named => _named;

    /// <summary>Takes a name, or the place without one.</summary>
    /// <exception cref="ArgumentException">It is taken.</exception>
    public void Take(string? name)
    {
        if (name is null ? HasDefault : _named.Contains(name, StringComparer.Ordinal))
            throw new ArgumentException($"AddCnnFast: {(name is null ? "a model without a name" : $"a model named '{name}'")} was added " +
                $"before; expected {(name is null ? "one alone, and names for the others" : "a name of its own for each")}.", nameof(name));
        if (name is null)
            HasDefault = true;
        else
            _named.Add(name);
    }

    /// <summary>What to throw for a name that was not added.</summary>
    public InvalidOperationException Unknown(object? key)
    {
        string known = string.Join(", ", _named.Select(name => $"'{name}'"));
        return new InvalidOperationException("CnnFast: " +
            $"{(key is null ? "no model was added without a name" : $"no model is named '{key}'")}; " +
            $"AddCnnFast has {(known.Length == 0 ? "none with a name" : known)}{(HasDefault ? " and one without a name" : "")}.");
    }
}
