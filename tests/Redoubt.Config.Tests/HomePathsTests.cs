using Redoubt.Config;

namespace Redoubt.Tests.Config;

public class HomePathsTests
{
    [Theory]
    [InlineData("/var/ossec/logs/active-responses.log", "/srv/home/logs/active-responses.log")]
    [InlineData("/var/ossec/etc/lists/a", "/srv/home/etc/lists/a")]
    [InlineData("/var/ossec/active-response/bin/x", "/srv/home/active-response/bin/x")]
    [InlineData("etc/rules", "/srv/home/etc/rules")]
    [InlineData("etc", "/srv/home/etc")]
    [InlineData("ruleset/rules", "/srv/home/ruleset/rules")]
    [InlineData("queue/x", "/srv/home/queue/x")]
    [InlineData("/var/log/auth.log", "/var/log/auth.log")]
    [InlineData("/var/ossec2/logs/x", "/var/ossec2/logs/x")]
    [InlineData("logsx/y", "/srv/home/logsx/y")]
    public void A_configured_path_means_the_home(string configured, string real) =>
        Assert.Equal(real, HomePaths.Under("/srv/home").Resolve(configured));

    [Theory]
    [InlineData("/var/ossec/logs/active-responses.log", "/var/log/redoubt/active-responses.log")]
    [InlineData("etc/rules", "/etc/redoubt/rules")]
    [InlineData("queue/x", "/var/lib/redoubt/x")]
    [InlineData("active-response/bin/x", "/var/lib/redoubt/active-response/bin/x")]
    public void Installed_it_means_the_places_of_the_system(string configured, string real) =>
        Assert.Equal(real, HomePaths.Installed().Resolve(configured));

    [Fact]
    public void The_configuration_of_Wazuh_is_read_only_where_ours_is_missing()
    {
        var home = Directory.CreateTempSubdirectory("rdt-home-");
        try
        {
            var paths = HomePaths.Under(home.FullName);
            Directory.CreateDirectory(paths.Etc);
            Assert.Equal(Path.Combine(paths.Etc, "redoubt.conf"), paths.ConfigurationFile);

            File.WriteAllText(Path.Combine(paths.Etc, "ossec.conf"), string.Empty);
            Assert.Equal(Path.Combine(paths.Etc, "ossec.conf"), paths.ConfigurationFile);

            File.WriteAllText(Path.Combine(paths.Etc, "redoubt.conf"), string.Empty);
            Assert.Equal(Path.Combine(paths.Etc, "redoubt.conf"), paths.ConfigurationFile);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
