using CnnFast;
using CnnFast.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers CnnFast's models and sessions with a container.</summary>
public static class CnnFastServiceCollectionExtensions
{
    /// <summary>
    /// Registers models and a session for each. A model that is added without a name is served as <see cref="InferenceSession"/> and
    /// <see cref="Model"/>, one with a name as the keyed services of that name; <see cref="CnnFastSessions"/> finds both. Each is a
    /// singleton: loaded and planned once, at its first use (ask for it at the start of the program to be ready for the first request),
    /// shared by all callers, and disposed with the container. May be called several times.
    /// </summary>
    /// <example>
    /// <code>
    /// builder.Services.AddCnnFast(models => models
    ///     .AddFile("digits.safetensors", session: model => new SessionOptions { ByteInput = ByteInput.From(model.Normalization) })
    ///     .AddFile("shapes.safetensors", name: "shapes", session: _ => new SessionOptions { MaxThreads = 2, MaxBatch = 8 }));
    ///
    /// app.MapPost("/digit", (InferenceSession session) => …);
    /// app.MapPost("/shape", ([FromKeyedServices("shapes")] InferenceSession session) => …);
    /// </code>
    /// </example>
    /// <param name="services">The services to add to.</param>
    /// <param name="configure">Adds the models.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException">A name, or the place without one, is taken already.</exception>
    public static IServiceCollection AddCnnFast(this IServiceCollection services, Action<CnnFastModels> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        configure(new CnnFastModels(services, Names(services)));
        return services;
    }

    // One list a collection, whatever number of calls adds to it.
    private static ModelNames Names(IServiceCollection services)
    {
        ServiceDescriptor? known = services.FirstOrDefault(service => service.ServiceType == typeof(ModelNames));
        if (known is not null)
            return (ModelNames)known.ImplementationInstance!;
        var names = new ModelNames();
        services.AddSingleton(names);
        services.AddSingleton<CnnFastSessions>();
        services.AddKeyedSingleton<InferenceSession>(KeyedService.AnyKey, (_, key) => throw names.Unknown(key));
        services.AddKeyedSingleton<Model>(KeyedService.AnyKey, (_, key) => throw names.Unknown(key));
        return names;
    }
}
