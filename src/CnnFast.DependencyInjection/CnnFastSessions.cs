using Microsoft.Extensions.DependencyInjection;

namespace CnnFast.DependencyInjection;

/// <summary>Finds the models and sessions that AddCnnFast registered by names that are known at run time alone. Thread-safe.</summary>
public sealed class CnnFastSessions
{
    private readonly IServiceProvider _services;
    private readonly ModelNames _names;

    /// <summary>Made by the container.</summary>
    /// <param name="services">The container.</param>
    public CnnFastSessions(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _names = services.GetRequiredService<ModelNames>();
    }

    /// <summary>The names, in the order in which they were added; the default model has none.</summary>
    public IReadOnlyList<string> Names => _names.Named;

    /// <summary>The session of a name; the first use creates it.</summary>
    /// <param name="name">The name; null for the default.</param>
    /// <returns>The session, which the container disposes.</returns>
    /// <exception cref="InvalidOperationException">No model has this name; the message gives those that are known.</exception>
    public InferenceSession GetSession(string? name = null) => Get<InferenceSession>(name);

    /// <summary>The model of a name; the first use loads it.</summary>
    /// <param name="name">The name; null for the default.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidOperationException">No model has this name; the message gives those that are known.</exception>
    public Model GetModel(string? name = null) => Get<Model>(name);

    private T Get<T>(string? name)
        where T : notnull
    {
        if (name is null ? !_names.HasDefault : !_names.Named.Contains(name, StringComparer.Ordinal))
            throw _names.Unknown(name);
        return name is null ? _services.GetRequiredService<T>() : _services.GetRequiredKeyedService<T>(name);
    }
}
